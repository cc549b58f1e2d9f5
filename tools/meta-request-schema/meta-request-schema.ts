/**
 * Takes from Meta's OpenAPI file, as JSON on standard input, the schema of a send and what it refers to:
 * `npx yaml --json --single < business-messaging-api_v23.0.yaml | node tools/meta-request-schema/meta-request-schema.ts`. (The parser
 * complains of one example of another operation, which is not valid YAML, and goes on.)
 */
import { json } from "node:stream/consumers";

const send = "/{Version}/{Phone-Number-ID}/messages";

interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly post: { readonly requestBody: unknown } }>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const [api] = [await json(process.stdin)].flat() as [OpenApi];
const reached = new Map<string, unknown>();
const left = namesIn(api.paths[send]?.post.requestBody);
for (let name = left.pop(); name !== undefined; name = left.pop()) {
  if (reached.has(name)) continue;
  const schema = api.components.schemas[name];
  if (schema === undefined) throw new Error(`${name} is not in the file`);
  reached.set(name, schema);
  left.push(...namesIn(schema));
}
const schemas = Object.fromEntries([...reached].toSorted(([one], [other]) => (one < other ? -1 : 1)));
process.stdout.write(`${JSON.stringify({ components: { schemas } }, null, 2)}\n`);

function namesIn(value: unknown): string[] {
  const references = JSON.stringify(value).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
  return [...references].map(([, name = ""]) => name);
}
