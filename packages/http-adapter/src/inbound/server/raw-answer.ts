import { randomUUID } from "node:crypto";

import { type Problem, problemBody, problemHeaders } from "../problems/problem.ts";
import { fixedHeaders } from "../requests/fixed-headers.ts";
import { newTraceparent } from "../requests/request-trace.ts";

/** The headers and the body of the answer to a request that never reached the app. It gets an id and a trace of its own. */
export function outerAnswer(problem: Problem): { readonly headers: Record<string, string>; readonly body: string } {
  const requestId = randomUUID();
  return {
    headers: { ...fixedHeaders, ...problemHeaders(problem), "x-request-id": requestId, traceparent: newTraceparent() },
    body: problemBody(problem, requestId),
  };
}

/** A complete answer to bytes that never became a request, with `Connection: close`. */
export function rawAnswer(problem: Problem): string {
  const { headers, body } = outerAnswer(problem);
  const all = { ...headers, "content-length": Buffer.byteLength(body), connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${problem.status} ${problem.detail}\r\n${lines.join("")}\r\n${body}`;
}
