import type { Context } from "hono";
import { routePath } from "hono/route";

/** The path pattern of the route that answered. Undefined if none did: middleware has a pattern that ends in `*`. */
export function answeredRoute(c: Context): string | undefined {
  const pattern = routePath(c);
  return pattern.endsWith("*") ? undefined : pattern;
}
