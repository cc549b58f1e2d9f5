import type { Context } from "hono";

import type { Problem } from "../problems/problem.ts";
import type { RequestContext } from "../requests/request-context.ts";
import {
  type AccessCheck,
  type AccessDecision,
  type AccessGrant,
  type AccessRefusal,
  admittedBy,
  type Caller,
  isCaller,
  refusalOf,
  type Scope,
} from "./access.ts";

/** Admits a caller to a route that needs `scope`. Otherwise returns the answer. */
export async function admit(c: Context<RequestContext>, access: AccessCheck, scope: Scope): Promise<Caller | Problem> {
  const decision = await askAccess(access, c.req.raw);
  if (decision.caller !== undefined) c.set("caller", decision.caller);
  if (decision.headers) c.set("answerHeaders", decision.headers);
  const admitted = admittedBy(decision, scope);
  if (!isCaller(admitted)) c.set("refusal", refusalOf(decision, admitted));
  return admitted;
}

/** A caller that is admitted, and who it is for the log. */
export interface Admitted {
  readonly caller: Caller;
  readonly id?: string;
}

/**
 * Asks an access check whether the caller of a request has a scope, for a server of your own pages: the request needs the header
 * `Authorization` that the API would get. Rejects if the check does not decide.
 */
export async function admitRequest(
  access: AccessCheck,
  request: Request,
  scope: Scope,
): Promise<Admitted | AccessRefusal> {
  const decision = await askAccess(access, request);
  if ("refused" in decision) return decision;
  const admitted = admittedBy(decision, scope);
  const { caller: id } = decision;
  if (!isCaller(admitted))
    return { refused: "forbidden", detail: admitted.detail, ...(id !== undefined && { caller: id }) };
  return { caller: admitted, ...(id !== undefined && { id }) };
}

/** Throws an `Error` if the check does not decide: Hono itself would answer if anything else were thrown. */
async function askAccess(access: AccessCheck, request: Request): Promise<AccessDecision> {
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
      'The access check must return { tenants: "all" or a list of ids, scopes: a list } or { refused: "unauthenticated", "forbidden" or "too-many-requests" }.',
    );
  }
  return decision;
}

/** A string has `includes` too: as `tenants`, it would admit the caller to every tenant whose id is a substring. */
function isDecision(decision: unknown): decision is AccessDecision {
  if (typeof decision !== "object" || decision === null) return false;
  const { refused, tenants, scopes } = decision as Partial<AccessGrant & AccessRefusal>;
  if ("refused" in decision) return refused !== undefined && refusals.has(refused);
  return (tenants === "all" || Array.isArray(tenants) || tenants instanceof Set) && Array.isArray(scopes);
}

const refusals: ReadonlySet<string> = new Set<AccessRefusal["refused"]>([
  "unauthenticated",
  "forbidden",
  "too-many-requests",
]);
