import { createMiddleware } from "hono/factory";

import type { ConsoleContext } from "../console-context.ts";

const headers = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

/** What every answer says to the browser. Pages show messages: nobody else may keep or frame them. */
export const securityHeaders = createMiddleware<ConsoleContext>(async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
  const requestId = c.env?.consoleRequest?.requestId;
  if (requestId !== undefined) c.header("x-request-id", requestId);
});
