import type { Context } from "hono";

import type { RequestContext } from "./request-context.ts";

/** Whose key it is, for the record. */
export function byOf(c: Context<RequestContext>): { readonly by?: string } {
  const by = c.get("caller");
  return by === undefined ? {} : { by };
}
