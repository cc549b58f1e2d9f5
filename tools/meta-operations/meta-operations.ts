/**
 * Takes from Meta's OpenAPI file, as JSON on standard input, each operation of Graph with one of Meta's own requests and the
 * schema of its answer, and the schemas that these refer to:
 * `npx yaml --json --single < business-messaging-api_v23.0.yaml | node tools/meta-operations/meta-operations.ts`. (The parser
 * complains of one example, which is not valid YAML, and goes on.)
 */
import { json } from "node:stream/consumers";

type Json = Readonly<Record<string, unknown>>;

interface Media {
  readonly schema?: Json;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly example?: unknown;
  readonly schema?: Json;
}

interface MetaOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, MetaOperation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const words = new Set(["description", "title", "summary"]);

const [api] = [await json(process.stdin)].flat() as [OpenApi];

const operations = Object.entries(api.paths)
  .filter(([path]) => path.startsWith("/{Version}/"))
  .flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => ["get", "post", "put", "delete"].includes(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        ...withQuery(method, operation),
        ...withBody(operation),
        ...withAnswer(operation),
      })),
  );

const reached = new Map<string, unknown>();
const left = namesIn(operations);
for (let name = left.pop(); name !== undefined; name = left.pop()) {
  if (reached.has(name)) continue;
  const schema = api.components["schemas"]?.[name];
  if (schema === undefined) throw new Error(`${name} is not in the file`);
  reached.set(name, withoutExamples(schema));
  left.push(...namesIn(schema));
}
const schemas = Object.fromEntries([...reached].toSorted(([one], [other]) => (one < other ? -1 : 1)));
process.stdout.write(`${JSON.stringify({ operations, components: { schemas } }, null, 1)}\n`);

/** What the query needs; where an operation changes something, all that it may have. */
function withQuery(method: string, { parameters = [] }: MetaOperation) {
  const query = parameters
    .map(dereferenced)
    .filter((one) => one.in === "query" && (one.required === true || method !== "get"))
    .flatMap(({ name, example, schema }) => {
      const value = example ?? schema?.["example"];
      return value === undefined || name === "fields"
        ? []
        : [[name, typeof value === "string" ? value : JSON.stringify(value)]];
    });
  return query.length === 0 ? {} : { query: Object.fromEntries(query) as Json };
}

function withBody({ requestBody }: MetaOperation) {
  const [content] = Object.entries(requestBody?.content ?? {});
  if (!content) return {};
  const [type, { schema, example, examples = {} }] = content;
  const body = Object.values(examples)[0]?.value ?? example ?? exampleOf(schema);
  return { type, ...(body !== undefined && { body }) };
}

/** What the properties of a schema give as examples; undefined: nothing. */
function exampleOf(given: Json | undefined): unknown {
  const schema = dereferenced(given ?? {});
  if (schema["example"] !== undefined) return schema["example"];
  if (Array.isArray(schema["enum"])) return schema["enum"][0] as unknown;
  if (schema["items"] !== undefined) {
    const item = exampleOf(schema["items"] as Json);
    return item === undefined ? undefined : [item];
  }
  const values = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, Json>>).flatMap(
    ([name, one]) => {
      const value = exampleOf(one);
      return value === undefined ? [] : [[name, value]];
    },
  );
  return values.length === 0 ? undefined : Object.fromEntries(values);
}

function withAnswer({ responses }: MetaOperation) {
  const [answer] = Object.entries(responses).flatMap(([status, one]) =>
    status.startsWith("2") ? [dereferenced(one)] : [],
  );
  const schema = Object.values(answer?.content ?? {})[0]?.schema;
  return schema === undefined ? {} : { answer: withoutExamples(schema) };
}

function dereferenced<T extends object>(value: T): T {
  const { $ref: reference } = value as { $ref?: string };
  if (reference === undefined) return value;
  const [, section = "", name = ""] = /^#\/components\/([^/]+)\/(.+)$/.exec(reference) ?? [];
  return api.components[section]?.[name] as T;
}

/** Words for people are left out: the file is long without them. */
function withoutExamples(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExamples);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name, one]) => !(words.has(name) && typeof one !== "object"));
  return Object.fromEntries(
    kept.filter(([name]) => name !== "example").map(([name, one]) => [name, withoutExamples(one)]),
  );
}

function namesIn(value: unknown): string[] {
  const references = JSON.stringify(value).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
  return [...references].map(([, name = ""]) => name);
}
