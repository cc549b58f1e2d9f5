import type { Context } from "hono";

import { type Problem, problemBody, problemHeaders } from "../problems/problem.ts";
import { completeHeaders } from "./answer-headers.ts";
import type { RequestContext } from "./request-context.ts";
import type { ChangeFields } from "./request-end.ts";

/**
 * Builds every answer in one step: changing the headers afterwards would make the server build a full web Response, which costs
 * more than the rest of the request.
 */
function respond(
  c: Context<RequestContext>,
  status: number,
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  headers: Record<string, string>,
): Response {
  completeHeaders(headers, {
    requestId: c.get("requestId"),
    traceparent: c.get("traceparent"),
    appliedPreference: c.get("appliedPreference"),
    answerHeaders: c.get("answerHeaders"),
  });
  return new Response(body, { status, headers });
}

export function respondJson(
  c: Context<RequestContext>,
  body: object,
  { status = 200, headers }: { status?: number; headers?: Readonly<Record<string, string>> | undefined } = {},
): Response {
  return respond(c, status, JSON.stringify(body), { "content-type": "application/json", ...headers });
}

/** The answer to a change that was made. Its log line has these fields. */
export function respondChanged(c: Context<RequestContext>, fields: ChangeFields, body: object): Response {
  c.set("change", fields);
  return respondJson(c, body);
}

/** An answer whose body is complete already. */
export function respondContent(
  c: Context<RequestContext>,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> & { readonly "content-type": string },
): Response {
  return respond(c, 200, body, { ...headers });
}

/** An answer whose body is read while it is sent. If the client leaves, the iterator's `return` is called. */
export function respondStream(
  c: Context<RequestContext>,
  content: AsyncIterable<Uint8Array>,
  headers: Readonly<Record<string, string>> & { readonly "content-type": string },
): Response {
  return respond(c, 200, ReadableStream.from(content), { ...headers });
}

export function respondProblem(c: Context<RequestContext>, problem: Problem): Response {
  c.set("problemType", problem.type ?? String(problem.status));
  if (problem.messageId) c.set("messageId", problem.messageId);
  return respond(c, problem.status, problemBody(problem, c.get("requestId")), problemHeaders(problem));
}
