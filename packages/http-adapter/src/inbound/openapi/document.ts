import type { Route, RouteTag } from "../requests/route.ts";
import { answerHeaders, requestHeaders } from "./headers.ts";
import { createSchemaWriter } from "./json-schema.ts";
import { operationOf, pathOf } from "./operation.ts";

const tags: Readonly<Record<RouteTag, string>> = {
  Messages: "Send messages and see what became of them.",
  Media: "Upload files to send.",
  Webhooks: "What WhatsApp reports.",
  Administration: "For the operator of the server.",
  Server: "For orchestrators and load balancers.",
};

const scopes = {
  send: "send messages and read receipts, upload files",
  read: "read messages and their status",
  admin: "resolve messages, replay the history",
  metrics: "read the metrics",
  console: "use the console",
};

/** What the document needs to know of the server. */
export interface DocumentOptions {
  readonly version: string;
  /** The base of the paths: a URL, or the path under which the app is mounted. */
  readonly server: string;
}

/** The OpenAPI 3.1 document of the routes. */
export function openApiDocument(routes: readonly Route[], { version, server }: DocumentOptions): object {
  const writer = createSchemaWriter();
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[pathOf(route)] = { ...paths[pathOf(route)], [route.method.toLowerCase()]: operationOf(route, writer) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Message Sender",
      version,
      summary: "Sends WhatsApp messages, and knows what became of them.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: server }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    security: [{ apiKey: [] }],
    paths,
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
