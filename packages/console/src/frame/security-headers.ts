import { pageHeaders } from "@message-sender/pages";
import { createMiddleware } from "hono/factory";

import type { ConsoleContext } from "../console-context.ts";

/** What every answer says to the browser, pages or not: messages are shown, and nobody else may keep or frame them. */
export const securityHeaders = createMiddleware<ConsoleContext>(async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(pageHeaders)) {
    if (name !== "content-type" && !c.res.headers.has(name)) c.header(name, value);
  }
  const requestId = c.env?.consoleRequest?.requestId;
  if (requestId !== undefined) c.header("x-request-id", requestId);
});
