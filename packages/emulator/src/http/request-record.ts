import type { Context } from "hono";

import type { Env } from "./answer.ts";

/** One request as it came in, and how it ended. */
export interface RecordedRequest {
  /** When it came in: milliseconds since the epoch, with fractions. */
  readonly at: number;
  /** When the answer was written or the connection was cut; absent until then. */
  readonly endedAt?: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The parsed JSON, or the text where it is not JSON; absent when the body was not read. */
  readonly body?: unknown;
  /** The body's bytes, read as UTF-8; absent when they were not read, and of a form. */
  readonly rawBody?: string;
  /** Absent when no answer was given. */
  readonly status?: number;
  /** The id of the fault that was applied. */
  readonly fault?: string;
}

/** A record that is still being filled in. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** The record of a request that has just come in. */
export function recordOf(c: Context<Env>): Draft<RecordedRequest> {
  return {
    at: timestamp(),
    method: c.req.method,
    path: c.req.path,
    headers: c.env?.incoming?.headers ?? Object.fromEntries(c.req.raw.headers),
  };
}

export function markEnded(record: Draft<RecordedRequest>, status?: number): void {
  record.endedAt = timestamp();
  if (status !== undefined) record.status = status;
}

export function bearerOf({ headers }: RecordedRequest): string | undefined {
  const value = headers["authorization"];
  return typeof value === "string" ? /^Bearer +(\S+) *$/i.exec(value)?.[1] : undefined;
}

function timestamp(): number {
  return performance.timeOrigin + performance.now();
}
