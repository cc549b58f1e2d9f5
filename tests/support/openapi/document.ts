import type { JsonSchema } from "./json-schema.ts";

/** What the tests read of the OpenAPI document. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly headers: Readonly<Record<string, Header>>;
  };
}

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Answer>>;
}

export interface Answer {
  readonly headers: Readonly<Record<string, Header | { readonly $ref: string }>>;
  readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

interface Header {
  readonly schema: JsonSchema;
}

/** An operation and the template of its path. */
export interface Found {
  readonly path: string;
  readonly operation: Operation | undefined;
}

/** Finds what a request addresses. Undefined: the path is not documented. A literal path comes before a template. */
export function findOperation({ paths }: OpenApiDocument, method: string, path: string): Found | undefined {
  const template = Object.keys(paths)
    .toSorted((one, other) => placeholders(one) - placeholders(other))
    .find((candidate) => matches(candidate, path));
  if (template === undefined) return undefined;
  const name = method === "HEAD" ? "get" : method.toLowerCase();
  return { path: template, operation: paths[template]?.[name] };
}

function placeholders(template: string): number {
  return template.split("{").length - 1;
}

function matches(template: string, path: string): boolean {
  const [expected, given] = [template.split("/"), decoded(path).split("/")];
  if (expected.length !== given.length) return false;
  return expected.every((step, at) => (step.startsWith("{") ? given[at] !== "" : step === given[at]));
}

/** Hono finds a route by its decoded path. */
function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
