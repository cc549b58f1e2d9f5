import type { Problem } from "../problems/problem.ts";
import type { Scope } from "../access/access.ts";

/** How overloaded the server is, from 0, not at all, to 4. It is read for each request. */
export interface Overload {
  readonly level: number;
}

/** From which level on a route, or what it is asked for, is refused. */
export type SheddingLevel = 1 | 2 | 3 | 4;

export const neverOverloaded: Overload = { level: 0 };

/** Queued messages can come later. Webhooks are last, and WhatsApp repeats them. What an operator needs is never refused. */
export const shedding = { queued: 1, send: 2, read: 3, webhook: 4 } as const satisfies Record<string, SheddingLevel>;

interface Sheddable {
  readonly scope: Scope | "open";
  readonly shedAt?: SheddingLevel;
}

/** From which level on a route is refused; `Infinity` if it never is. */
export function sheddingLevelOf({ scope, shedAt }: Sheddable): number {
  if (shedAt !== undefined) return shedAt;
  return scope === "send" || scope === "read" ? shedding[scope] : Infinity;
}

/** The answer to a refused request: the more overloaded the server is, the later its callers come back. */
export function overloaded({ level }: Overload): Problem {
  return {
    status: 503,
    type: "unavailable",
    detail: "The server is overloaded. Nothing was done: repeat the request later.",
    retryAfterSeconds: 2 ** level,
  };
}

/** For the log line. */
export const overloadRefusal = { reason: "the server is overloaded" } as const;
