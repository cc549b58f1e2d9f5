import type { Context } from "hono";

import type { Problem } from "../problems/problem.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * What a caller may do. `send`: send messages and read receipts, upload media. `read`: read messages and their status.
 * `admin`: resolve messages, replay the history. `metrics` and `console` are for routes that a server adds to the API.
 */
export type Scope = "send" | "read" | "admin" | "metrics" | "console";

/** The caller is admitted. */
export interface AccessGrant {
  /** The tenants whose messages the caller may send and see. Messages of other tenants are answered with 404. */
  readonly tenants: "all" | readonly string[];
  readonly scopes: readonly Scope[];
}

/** The caller is refused: `unauthenticated` is answered with 401, `forbidden` with 403. */
export interface AccessRefusal {
  readonly refused: "unauthenticated" | "forbidden";
  /** The detail of the answer. Default: a general sentence. */
  readonly detail?: string;
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

/** An admitted caller. */
export interface Caller {
  readonly seesAllTenants: boolean;
  sees(tenantId: string): boolean;
}

/** Throws if plain JavaScript omits `access`: an API must not be open by accident. */
export function requireAccess(access: Access | undefined): Access {
  if (access === "open" || typeof access === "function") return access;
  throw new TypeError(
    'createHttpApp needs `access`: a function that decides what the caller of a request may do, or "open" if every caller may do everything.',
  );
}

/** Admits a caller to a route that needs `scope`. Otherwise returns the answer. */
export async function admit(c: Context<RequestContext>, access: AccessCheck, scope: Scope): Promise<Caller | Problem> {
  const decision = await decisionOf(access, c.req.raw);
  if ("refused" in decision) return problemOfRefusal(decision);
  if (!decision.scopes.includes(scope)) return forbidden(`This needs the scope ${scope}.`);
  const { tenants } = decision;
  return tenants === "all" ? everyone : { seesAllTenants: false, sees: (tenantId) => tenants.includes(tenantId) };
}

/** Throws an `Error` if the check does not decide: Hono itself would answer if anything else were thrown. */
async function decisionOf(access: AccessCheck, request: Request): Promise<AccessDecision> {
  let decision: unknown;
  try {
    decision = await access(request);
  } catch (cause) {
    throw cause instanceof Error
      ? cause
      : new Error("the access check threw something that is not an Error", { cause });
  }
  if (!isDecision(decision)) {
    throw new TypeError(
      'The access check must return { tenants: "all" or a list of ids, scopes: a list } or { refused: "unauthenticated" or "forbidden" }.',
    );
  }
  return decision;
}

/** A string has `includes` too: as `tenants`, it would admit the caller to every tenant whose id is a substring. */
function isDecision(decision: unknown): decision is AccessDecision {
  if (typeof decision !== "object" || decision === null) return false;
  const { refused, tenants, scopes } = decision as Partial<AccessGrant & AccessRefusal>;
  if ("refused" in decision) return refused === "unauthenticated" || refused === "forbidden";
  return (tenants === "all" || Array.isArray(tenants)) && Array.isArray(scopes);
}

export function isCaller(admitted: Caller | Problem): admitted is Caller {
  return "sees" in admitted;
}

export function forbidden(detail: string): Problem {
  return { status: 403, type: "forbidden", detail };
}

/** A caller that may do everything. */
export const everyone: Caller = { seesAllTenants: true, sees: () => true };

/** A caller that may do nothing. */
export const nobody: Caller = { seesAllTenants: false, sees: () => false };

function problemOfRefusal({ refused, detail }: AccessRefusal): Problem {
  if (refused === "forbidden") return forbidden(detail ?? "The caller may not do this.");
  return {
    status: 401,
    type: "unauthenticated",
    detail: detail ?? "The request has no valid credentials.",
    authenticate: "Bearer",
  };
}
