import type { Context } from "hono";

import type { Problem } from "../problems/problem.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * What a caller may do: `send` messages, read receipts and files; `read` messages; `admin`: resolve messages and replay the
 * history. `metrics` and `console` are for what a server offers beside the API.
 */
export type Scope = "send" | "read" | "admin" | "metrics" | "console";

/** A caller that was let in. */
export interface AccessGrant {
  /** Whose messages the caller may send and see. Those of any other tenant do not exist for it. */
  readonly tenants: "all" | readonly string[];
  readonly scopes: readonly Scope[];
}

/** A caller that was turned away: 401 where it is not known who it is, 403 where it is. */
export interface AccessRefusal {
  readonly refused: "unauthenticated" | "forbidden";
  /** Goes into the answer. Default: a general sentence. */
  readonly detail?: string;
}

/**
 * Decides what the caller of a request may do. It must not read the body. What it throws is logged and answered with 500, and
 * nothing else happens.
 */
export type AccessCheck = (request: Request) => AccessDecision | Promise<AccessDecision>;

export type AccessDecision = AccessGrant | AccessRefusal;

/** `"open"`: every caller may do everything. */
export type Access = "open" | AccessCheck;

/** The caller of a request, as far as its access matters. */
export interface Caller {
  readonly seesAllTenants: boolean;
  sees(tenantId: string): boolean;
}

/** Throws where JavaScript forgot it: an API must not be open by accident. */
export function requireAccess(access: Access | undefined): Access {
  if (access === "open" || typeof access === "function") return access;
  throw new TypeError(
    'createHttpApp needs `access`: a function that decides what the caller of a request may do, or "open" if every caller may do everything.',
  );
}

/** Admits a caller to what needs `scope`, or says why not. */
export async function admit(c: Context<RequestContext>, access: Access, scope: Scope): Promise<Caller | Problem> {
  if (access === "open") return everyone;
  const decision = await access(c.req.raw);
  if ("refused" in decision) return problemOfRefusal(decision);
  if (!decision.scopes.includes(scope)) return forbidden(`This needs the scope ${scope}.`);
  const { tenants } = decision;
  return tenants === "all" ? everyone : { seesAllTenants: false, sees: (tenantId) => tenants.includes(tenantId) };
}

export function isCaller(admitted: Caller | Problem): admitted is Caller {
  return "sees" in admitted;
}

export function forbidden(detail: string): Problem {
  return { status: 403, type: "forbidden", detail };
}

const everyone: Caller = { seesAllTenants: true, sees: () => true };

function problemOfRefusal({ refused, detail }: AccessRefusal): Problem {
  if (refused === "forbidden") return forbidden(detail ?? "The caller is not allowed to do this.");
  return {
    status: 401,
    type: "unauthenticated",
    detail: detail ?? "The request has no valid credentials.",
    authenticate: "Bearer",
  };
}
