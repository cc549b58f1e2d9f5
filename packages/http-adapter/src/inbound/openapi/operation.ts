import { type ProblemType, problemTypes, statusTitles } from "../problems/problem.ts";
import type { Answer, AnswerHeader, Examples, JsonSchema, Route } from "../routes/route.ts";
import { everyAnswer, limitedAnswer } from "./headers.ts";
import type { SchemaWriter } from "./json-schema.ts";
import { canRetryAfter, exampleOf, problemSchema, whenOf } from "./problems.ts";

/** Writes the operation of a route. `isOpen`: whether the server needs no API key. */
export function operationOf(route: Route, writer: SchemaWriter, isOpen: boolean): object {
  return {
    operationId: route.operation,
    tags: [route.tag],
    summary: route.summary,
    description: route.description,
    parameters: parametersOf(route, writer),
    ...(route.body && {
      requestBody: {
        required: true,
        content: contentOf(
          route.body.mediaType,
          writer.write(route.body.schema, route.body.refine),
          route.body.examples,
        ),
      },
    }),
    responses: { ...answersOf(route, writer), ...problemsOf(route, writer) },
    security: route.scope === "open" ? [] : [...(isOpen ? [{}] : []), { apiKey: [route.scope] }],
  };
}

/** The path with its parameters as OpenAPI writes them. */
export function pathOf({ path }: Route): string {
  return path.replaceAll(/:([A-Za-z_]+)/g, "{$1}");
}

function parametersOf({ path, query, headers = {} }: Route, writer: SchemaWriter): readonly object[] {
  const inPath = [...path.matchAll(/:([A-Za-z_]+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const { properties = {}, required = [] } = query ? writer.write(query) : {};
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...described(schema as JsonSchema),
  }));
  const inHeaders = Object.entries(headers).map(([name, { description, schema, example }]) => ({
    name,
    in: "header",
    description,
    schema: writer.write(schema),
    ...(example !== undefined && { example }),
  }));
  const everywhere = ["RequestId", "Traceparent"].map((name) => ({ $ref: `#/components/parameters/${name}` }));
  return [...inPath, ...inQuery, ...inHeaders, ...everywhere];
}

/** A parameter is described beside its schema. */
function described({ description, ...schema }: JsonSchema): object {
  return { ...(description !== undefined && { description }), schema };
}

function answersOf({ answers, scope }: Route, writer: SchemaWriter): Record<string, object> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema, examples, mediaType, headers }]: [string, Answer]) => [
      status,
      {
        description,
        headers: headersOf(scope, headers),
        content: contentOf(mediaType, writer.write(schema), examples),
      },
    ]),
  );
}

/** The problems of one HTTP status share an answer. */
function problemsOf(route: Route, writer: SchemaWriter): Record<string, object> {
  const types = new Set<ProblemType>(["invalid-request", "forbidden", ...route.problems]);
  if (route.scope !== "open") types.add("unauthenticated");
  if (route.scope !== "open") types.add("too-many-requests");
  if (route.body) types.add("body-too-large");
  if (route.body) types.add("unsupported-media-type");
  const untyped = new Set([417, 431, 500, ...(route.body ? [408] : [])]);
  // They answer the same request, so they repeat what the answer says about its headers.
  const headers = Object.values(route.answers).flatMap((answer) => answer.headers ?? []);
  const repeated = new Set(headers.filter((name) => !ofSuccess.has(name)));
  const statuses = new Set([...[...types].map((type) => problemTypes[type].status as number), ...untyped]);
  return Object.fromEntries(
    [...statuses].map((status) => [
      String(status),
      problemAnswer(
        {
          scope: route.scope,
          status,
          types: [...types].filter((type) => problemTypes[type].status === status),
          isUntyped: untyped.has(status),
          headers: [...repeated],
        },
        writer,
      ),
    ]),
  );
}

/** Headers that no problem has. */
const ofSuccess: ReadonlySet<AnswerHeader> = new Set(["Content-Security-Policy", "Location", "Referrer-Policy"]);

interface ProblemAnswer {
  readonly scope: Route["scope"];
  readonly status: number;
  readonly types: readonly ProblemType[];
  /** Whether the answer may be a problem without a type. */
  readonly isUntyped: boolean;
  readonly headers: readonly string[];
}

function problemAnswer({ scope, status, types, isUntyped, headers }: ProblemAnswer, writer: SchemaWriter): object {
  const names = [...types.map((type) => `/problems/${type}`), ...(isUntyped ? ["about:blank"] : [])];
  const narrowed = { properties: { type: { enum: names }, status: { const: status } } };
  return {
    description: [...types.map(whenOf), ...(isUntyped ? [`${statusTitles[status]}.`] : [])].join(" "),
    headers: headersOf(scope, [
      ...headers,
      ...(types.some(canRetryAfter) ? ["Retry-After"] : []),
      ...(status === 401 ? ["WWW-Authenticate"] : []),
    ]),
    content: contentOf(
      "application/problem+json",
      { allOf: [writer.write(problemSchema), narrowed] },
      Object.fromEntries(types.map((type) => [type, exampleOf(type)])),
    ),
  };
}

function headersOf(scope: Route["scope"], names: readonly string[] = []): object {
  const limits = scope === "open" ? [] : limitedAnswer;
  return Object.fromEntries(
    [...everyAnswer, ...limits, ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
}

function contentOf(mediaType = "application/json", schema: object, examples: Examples): object {
  const entries = Object.entries(examples).map(([summary, value]) => [
    summary.replaceAll(/[^A-Za-z0-9]+/g, "-"),
    { summary, value },
  ]);
  return { [mediaType]: { schema, ...(entries.length > 0 && { examples: Object.fromEntries(entries) }) } };
}
