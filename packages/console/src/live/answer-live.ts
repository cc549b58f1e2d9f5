import type { Context } from "hono";

import type { ConsoleContext } from "../console-context.ts";
import type { LivePage, LiveSource } from "./live-source.ts";

/** Answers the stream of a page. */
export function answerLive(c: Context<ConsoleContext>, live: LiveSource, page: LivePage): Response {
  const { isStillAdmitted } = c.get("visitor");
  return live.answer(page, { signal: c.req.raw.signal, isStillAdmitted }) ?? tooMany();
}

function tooMany(): Response {
  return new Response("Too many pages are open.", { status: 503, headers: { "retry-after": "10" } });
}
