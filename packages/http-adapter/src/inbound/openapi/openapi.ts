import { readFileSync } from "node:fs";

import { z } from "zod";

import { basePathOf } from "../requests/incoming.ts";
import { respondJson } from "../requests/respond.ts";
import { apiUrlOf, servesApi } from "../access/app-parts.ts";
import { defineRoute } from "../routes/route.ts";
import type { Routes } from "../routes/routes.ts";
import { openApiDocument, serversOf } from "./document.ts";

const documentRoute = defineRoute({
  method: "GET",
  path: "/openapi.json",
  scope: "open",
  operation: "getOpenApi",
  tag: "Server",
  summary: "This document",
  description: "The API in OpenAPI 3.1.",
  answers: {
    200: {
      description: "The document.",
      schema: z.looseObject({ openapi: z.string() }),
      examples: { document: { openapi: "3.1.0" } },
    },
  },
  problems: [],
});

/**
 * Serves the document of all routes. It is built when somebody asks for it for the first time. `isOpen`: whether callers need no
 * API key.
 */
export function mountOpenApi(routes: Routes, isOpen: boolean): void {
  let document: object | undefined;

  routes.add(documentRoute, (c) => {
    document ??= openApiDocument(routes.all(), { version: packageVersion(), isOpen });
    const server = servesApi(c) ? basePathOf(c, documentRoute.path) || "/" : apiUrlOf(c);
    return respondJson(c, { ...document, servers: serversOf(server) });
  });
}

function packageVersion(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
