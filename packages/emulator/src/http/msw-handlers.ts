import type { Hono } from "hono";
import { http, type HttpHandler } from "msw";

import type { Env } from "./answer.ts";

/** Lets msw answer global `fetch` calls to `baseUrl` with the app, without a socket. */
export function mswHandler(baseUrl: string, app: Hono<Env>): HttpHandler {
  return http.all(`${baseUrl.replace(/\/$/, "")}/*`, ({ request }) => app.fetch(request));
}
