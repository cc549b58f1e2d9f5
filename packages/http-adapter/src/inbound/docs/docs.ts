import { z } from "zod";

import { notFound } from "../problems/problem.ts";
import { servesApi } from "../access/app-parts.ts";
import { respondContent, respondProblem } from "../requests/respond.ts";
import { defineRoute } from "../routes/route.ts";
import type { Routes } from "../routes/routes.ts";
import { page, pageHeaders, startScript } from "./page.ts";
import { readScalarScript } from "./scalar-script.ts";

const pageRoute = defineRoute({
  method: "GET",
  path: "/docs",
  scope: "open",
  operation: "getDocs",
  tag: "Server",
  summary: "This API as a page",
  description: "Shows the document of `/openapi.json`, and makes requests. It loads nothing from another host.",
  answers: {
    200: {
      description: "The page.",
      mediaType: "text/html",
      schema: z.string(),
      examples: {},
      headers: ["Content-Security-Policy", "Referrer-Policy"],
    },
  },
  problems: [],
});

const fileRoute = defineRoute({
  method: "GET",
  path: "/docs/:file",
  scope: "open",
  operation: "getDocsFile",
  tag: "Server",
  summary: "A script of the page",
  description: "`scalar.js` or `start.js`.",
  answers: {
    200: { description: "The script.", mediaType: "text/javascript", schema: z.string(), examples: {} },
  },
  problems: ["not-found"],
});

const script = { "content-type": "text/javascript; charset=utf-8" };

/** Serves the API's page. */
export function mountDocs(routes: Routes): void {
  routes.add(pageRoute, (c) => respondContent(c, page, pageHeaders));
  routes.add(fileRoute, (c) => {
    const file = c.req.param("file");
    if (file === "start.js") return respondContent(c, startScript(servesApi(c)), script);
    if (file !== "scalar.js") return respondProblem(c, notFound);
    const compressed = /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
    const headers = { ...script, "cache-control": "max-age=3600", vary: "accept-encoding" };
    return readScalarScript(compressed).match(
      (bytes) => respondContent(c, bytes, { ...headers, ...(compressed && { "content-encoding": "gzip" }) }),
      () => respondProblem(c, { ...notFound, detail: "This build of the server has no API page." }),
    );
  });
}
