import type { Context } from "hono";
import { proxy } from "hono/proxy";

import type { Cell } from "./cells-file.ts";

/** Longer than a cell lets a call wait. */
const longestMs = 120_000;

/** Passes a request on to a cell, with its own body or another one. */
export async function forward(
  c: Context,
  cell: Cell,
  body?: string | ReadableStream<Uint8Array>,
  changed: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const { pathname, search } = new URL(c.req.url);
  const { host: _, "content-length": length, ...headers } = c.req.header();
  const isStream = body instanceof ReadableStream;
  try {
    return await proxy(`${cell.url}${pathname}${search}`, {
      method: c.req.method,
      headers: { ...headers, ...changed, ...(isStream && length !== undefined && { "content-length": length }) },
      signal: AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(longestMs)]),
      ...(body !== undefined && { body, ...(isStream && { duplex: "half" as const }) }),
    });
  } catch {
    return problem(
      503,
      "unavailable",
      "The cell of this tenant gives no answer. Repeat with the same Idempotency-Key.",
    );
  }
}

type ProblemType = "invalid-request" | "not-found" | "unavailable" | "unauthenticated";

const titles: Readonly<Record<ProblemType, string>> = {
  "invalid-request": "The request is invalid",
  "not-found": "Not found",
  unavailable: "The service is unavailable",
  unauthenticated: "Authentication required",
};

/** An error in the form of the API. */
export function problem(status: number, type: ProblemType, detail: string): Response {
  const retry = status === 503 ? { retry_after_seconds: 1 } : {};
  const body = { type: `/problems/${type}`, title: titles[type], status, detail, ...retry };
  const headers = { "content-type": "application/problem+json", ...(status === 503 && { "retry-after": "1" }) };
  return new Response(JSON.stringify(body), { status, headers });
}
