import type { Problem } from "../problems/problem.ts";
import type { Refusal } from "../requests/request-end.ts";

/**
 * What a caller may do. `send`: send messages and read receipts, upload media. `read`: read messages, usage and kept webhooks.
 * `admin`: resolve and cancel messages, forward kept webhooks, replay the history and callbacks. `metrics`: read the metrics.
 * `console`: sign in to the console, and there read, resolve and cancel messages, replay their history, pause and resume sending.
 */
export type Scope = (typeof scopes)[number];

/** Every scope. */
export const scopes = ["send", "read", "admin", "metrics", "console"] as const;

/** The caller is admitted. */
export interface AccessGrant {
  /** The tenants whose messages the caller may send and see. Messages of other tenants are answered with 404. */
  readonly tenants: "all" | readonly string[] | ReadonlySet<string>;
  readonly scopes: readonly Scope[];
  /** Who the caller is, for the log: an id, not a secret. */
  readonly caller?: string;
  /** Headers to add to the answer, such as `ratelimit`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The caller is refused: `unauthenticated` is answered with 401, `forbidden` with 403, `too-many-requests` with 429. */
export interface AccessRefusal {
  readonly refused: "unauthenticated" | "forbidden" | "too-many-requests";
  /** The detail of the answer, and the `reason` in the log. Default: a general sentence. */
  readonly detail?: string;
  /** When a caller with too many requests may try again, for the header Retry-After. Default: 1. */
  readonly retryAfterSeconds?: number;
  readonly caller?: string;
  /** What the log may say of a caller that is not known, such as the first characters of its key. Never a secret. */
  readonly callerHint?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Decides what the caller of a request may do. It must not read the body. If it throws, or returns anything else, the request is
 * answered with 500.
 *
 * @example
 * ```ts
 * const access: AccessCheck = (request) =>
 *   request.headers.get("authorization") === `Bearer ${apiKey}`
 *     ? { tenants: "all", scopes: ["send", "read"] }
 *     : { refused: "unauthenticated" };
 * ```
 */
export type AccessCheck = (request: Request) => AccessDecision | Promise<AccessDecision>;

/** The decision about one request. */
export type AccessDecision = AccessGrant | AccessRefusal;

/** `"open"`: every caller may do everything. */
export type Access = "open" | AccessCheck;

/**
 * An admitted caller. The rule for every route: a tenant that the caller does not see does not exist for it. Whatever belongs to
 * such a tenant gets the answer that an unknown one gets, byte for byte, and lists leave it out. A route that concerns all
 * tenants at once needs `seesAllTenants`.
 */
export interface Caller {
  readonly seesAllTenants: boolean;
  /** The tenants that the caller sees, for queries. */
  readonly tenants: "all" | ReadonlySet<string>;
  /** Whether the caller sees this tenant. */
  sees(tenantId: string): boolean;
}

/** Throws if plain JavaScript omits `access`: an API must not be open by accident. */
export function requireAccess(access: Access | undefined): Access {
  if (access === "open" || typeof access === "function") return access;
  throw new TypeError(
    'createHttpApp needs `access`: a function that decides what the caller of a request may do, or "open" if every caller may do everything.',
  );
}

/** The caller that a decision admits to a route that needs `scope`, or the answer to it. */
export function admittedBy(decision: AccessDecision, scope: Scope): Caller | Problem {
  if ("refused" in decision) return problemOfRefusal(decision);
  return decision.scopes.includes(scope) ? callerOf(decision) : forbidden(`This needs the scope ${scope}.`);
}

/** What the log says about a caller that is not admitted. */
export function refusalOf(decision: AccessDecision, { detail }: Problem): Refusal {
  const callerHint = "refused" in decision ? decision.callerHint : undefined;
  return { reason: detail, ...(callerHint !== undefined && { callerHint }) };
}

function callerOf({ tenants: given }: AccessGrant): Caller {
  if (given === "all") return everyone;
  const tenants: ReadonlySet<string> = given instanceof Set ? given : new Set(given);
  return { seesAllTenants: false, tenants, sees: (tenantId) => tenants.has(tenantId) };
}

export function isCaller(admitted: Caller | Problem): admitted is Caller {
  return "sees" in admitted;
}

export function forbidden(detail: string): Problem {
  return { status: 403, type: "forbidden", detail };
}

/** A caller that may do everything. */
export const everyone: Caller = { seesAllTenants: true, tenants: "all", sees: () => true };

/** A caller that may do nothing. */
export const nobody: Caller = { seesAllTenants: false, tenants: new Set(), sees: () => false };

function problemOfRefusal({ refused, detail, retryAfterSeconds = 1 }: AccessRefusal): Problem {
  switch (refused) {
    case "unauthenticated":
      return {
        status: 401,
        type: "unauthenticated",
        detail: detail ?? "The request has no valid credentials.",
        authenticate: "Bearer",
      };
    case "forbidden":
      return forbidden(detail ?? "The caller may not do this.");
    case "too-many-requests":
      return {
        status: 429,
        type: "too-many-requests",
        detail: detail ?? "The caller has made too many requests.",
        retryAfterSeconds,
      };
  }
}
