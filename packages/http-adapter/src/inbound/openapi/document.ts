import type { Route, RouteTag } from "../routes/route.ts";
import { callbacksOf } from "./callbacks.ts";
import { answerHeaders, requestHeaders } from "./headers.ts";
import { createSchemaWriter } from "./json-schema.ts";
import { operationOf, pathOf } from "./operation.ts";

const tags: Readonly<Record<RouteTag, string>> = {
  Messages: "Send messages, find them, and see what became of them.",
  Media: "Upload files to send.",
  Webhooks: "Receive WhatsApp's webhooks, and read or forward those that were kept.",
  Administration: "For the operator of the server.",
  Server: "Health, metrics, and this document.",
};

const scopes = {
  send: "send messages and read receipts, upload files",
  read: "read messages, usage and kept webhooks",
  admin: "resolve and cancel messages, forward kept webhooks, replay the history and callbacks",
  metrics: "read the metrics",
  console: "use the console",
};

const description = `
JSON in UTF-8, with names in snake_case. A field that is \`null\` counts as absent. A field that the API does not know is an error.

**Errors** are problems (RFC 9457) in \`application/problem+json\`. \`type\` says what happened, \`errors\` names every mistake of a body,
and \`instance\` is the id of the request, as the log has it.

**Repeats.** Send an \`Idempotency-Key\` with each message: a repeat under the same key sends it once.

**Access.** A server with API keys needs one in each request, except where none is listed: \`Authorization: Bearer …\`. What belongs to
a tenant that the key may not see is not found.

Answers may gain fields and headers at any time: ignore those that you do not know.
`.trim();

const anyServer = {
  url: "{server}",
  variables: { server: { default: "http://127.0.0.1:3000", description: "Where the API listens." } },
};

/** What the document needs to know of the server. */
export interface DocumentOptions {
  readonly version: string;
  /** Whether callers need no API key. */
  readonly isOpen: boolean;
}

/** The `servers` of a document. `base`: the URL or path under which the API is. Undefined: the reader has to say it. */
export function serversOf(base: string | undefined): readonly object[] {
  return [base === undefined ? anyServer : { url: base }];
}

/** The OpenAPI 3.1 document of the routes. Its `servers` depend on the listener, and are replaced for each. */
export function openApiDocument(routes: readonly Route[], { version, isOpen }: DocumentOptions): object {
  const writer = createSchemaWriter();
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[pathOf(route)] = {
      ...paths[pathOf(route)],
      [route.method.toLowerCase()]: operationOf(route, writer, isOpen),
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Message Sender",
      version,
      summary: "Sends WhatsApp messages, and knows what became of them.",
      description,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: serversOf(undefined),
    tags: Object.entries({ ...tags, Callbacks: "What the server sends to the platform." }).map(
      ([name, description]) => ({ name, description }),
    ),
    paths,
    webhooks: callbacksOf(writer),
    components: {
      schemas: writer.components(),
      headers: answerHeaders,
      parameters: {
        RequestId: { name: "X-Request-Id", in: "header", ...requestHeaders["X-Request-Id"] },
        Traceparent: { name: "traceparent", in: "header", ...requestHeaders.traceparent },
      },
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          description: `An API key. A server without keys needs none. Scopes: ${Object.entries(scopes)
            .map(([name, may]) => `\`${name}\` (${may})`)
            .join(", ")}.`,
        },
      },
    },
  };
}
