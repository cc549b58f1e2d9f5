import type { Context } from "hono";

import { type Problem, problemBody, problemHeaders } from "../problems/problem.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * Builds every answer in one step: changing the headers afterwards would make the server build a full web Response, which costs
 * more than the rest of the request.
 */
function respond(c: Context<RequestContext>, status: number, body: string, headers: Record<string, string>): Response {
  headers["x-request-id"] = c.get("requestId");
  headers["traceparent"] = c.get("traceparent");
  const waited = c.get("waitSeconds");
  if (waited !== undefined) headers["preference-applied"] = `wait=${waited}`;
  const added = c.get("answerHeaders");
  if (added) Object.assign(headers, added);
  return new Response(body, { status, headers });
}

export function respondJson(
  c: Context<RequestContext>,
  body: object,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Response {
  return respond(c, status, JSON.stringify(body), { "content-type": "application/json", ...headers });
}

export function respondText(c: Context<RequestContext>, body: string, mediaType: string): Response {
  return respond(c, 200, body, { "content-type": mediaType });
}

export function respondProblem(c: Context<RequestContext>, problem: Problem): Response {
  c.set("problemType", problem.type ?? String(problem.status));
  if (problem.messageId) c.set("messageId", problem.messageId);
  return respond(c, problem.status, problemBody(problem, c.get("requestId")), problemHeaders(problem));
}
