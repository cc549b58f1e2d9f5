import { type Answer, findOperation, type OpenApiDocument } from "./document.ts";
import { createSchemaCheck } from "./json-schema.ts";

/** A request, and the answer to it. */
export interface Exchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  /** With names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an answer has that the document does not say, and the reverse. Empty: the answer is as documented. */
export type AnswerCheck = (exchange: Exchange) => readonly string[];

/** Headers of HTTP itself, which say nothing about the API. */
const ofHttp = new Set(
  "connection content-encoding content-length content-type date keep-alive transfer-encoding vary".split(" "),
);

/** Pages for people are no API. */
function isOfConsole({ path }: Exchange): boolean {
  return path === "/console" || path.startsWith("/console/");
}

export function createAnswerCheck(document: OpenApiDocument): AnswerCheck {
  const schemas = createSchemaCheck(document.components.schemas);

  function headerFaults(documented: Answer["headers"], { headers }: Exchange): readonly string[] {
    const known = new Map(Object.entries(documented).map(([name, header]) => [name.toLowerCase(), header]));
    const unknown = Object.keys(headers).filter((name) => !known.has(name) && !ofHttp.has(name));
    const missing = ["x-request-id", "traceparent"].filter((name) => !(name in headers));
    return [
      ...unknown.map((name) => `has the header ${name}, which is not documented`),
      ...missing.map((name) => `lacks the header ${name}`),
      ...[...known].flatMap(([name, header]) => {
        const value = headers[name];
        if (value === undefined) return [];
        const named = "$ref" in header ? document.components.headers[nameOf(header.$ref)] : header;
        return schemas.faults(named?.schema ?? { not: {} }, value).map((fault) => `header ${name}:${fault}`);
      }),
    ];
  }

  function bodyFaults(documented: Answer["content"], { method, headers, body }: Exchange): readonly string[] {
    if (method === "HEAD") return [];
    const mediaType = (headers["content-type"] ?? "").split(";")[0] ?? "";
    const schema = documented[mediaType]?.schema;
    if (!schema) return [`has the media type ${mediaType}, which is not documented`];
    const value: unknown = mediaType.endsWith("json") ? JSON.parse(body) : body;
    return schemas.faults(schema, value).map((fault) => `body:${fault}`);
  }

  function faultsOf(exchange: Exchange): readonly string[] {
    if (isOfConsole(exchange)) return [];
    const found = findOperation(document, exchange.method, exchange.path);
    if (!found) return exchange.status < 400 ? ["is a success of a path that is not documented"] : [];
    if (!found.operation) return exchange.status === 405 ? [] : ["is of a method that is not documented"];
    const answer = found.operation.responses[exchange.status];
    if (!answer) return [`has a status that ${found.operation.operationId} does not document`];
    return [...headerFaults(answer.headers, exchange), ...bodyFaults(answer.content, exchange)];
  }

  return (exchange) =>
    faultsOf(exchange).map((fault) => `${exchange.method} ${exchange.path}: the answer ${exchange.status} ${fault}`);
}

function nameOf(reference: string): string {
  return reference.split("/").at(-1) ?? "";
}
