import { randomUUID } from "node:crypto";

import { type Problem, problemBody, problemHeaders } from "../problems/problem.ts";

/** A complete answer to bytes that never became a request, with `Connection: close`. */
export function rawAnswer(problem: Problem): string {
  const body = problemBody(problem, randomUUID());
  const headers = { ...problemHeaders(problem), "content-length": Buffer.byteLength(body), connection: "close" };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${problem.status} ${problem.detail}\r\n${lines.join("")}\r\n${body}`;
}
