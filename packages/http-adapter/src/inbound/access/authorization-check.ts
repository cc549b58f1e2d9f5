import type { AccessCheck, AccessDecision } from "./access.ts";

/** Decides by the Authorization header alone, null for none. Must not throw. */
export type DecideByAuthorization = (authorization: string | null) => AccessDecision;

const deciders = new WeakMap<AccessCheck, DecideByAuthorization>();

/** An access check that looks at nothing but the Authorization header, so that it can be asked without a web Request. */
export function authorizationCheck(decide: DecideByAuthorization): AccessCheck {
  const check: AccessCheck = ({ headers }) => decide(headers.get("authorization"));
  deciders.set(check, decide);
  return check;
}

/** Undefined for a check that may look at more. */
export function deciderOf(check: AccessCheck): DecideByAuthorization | undefined {
  return deciders.get(check);
}
