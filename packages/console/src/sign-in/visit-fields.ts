import type { Context } from "hono";

import type { ConsoleContext } from "../console-context.ts";
import type { Visitor } from "../console-visitor.ts";

/** Who does something, for the log. */
export function visitFields(c: Context<ConsoleContext>): Readonly<Record<string, unknown>> {
  const visitor = c.get("visitor") as Visitor | undefined;
  const { requestId, clientAddress } = c.env?.consoleRequest ?? {};
  return { request_id: requestId, caller: visitor?.id, client_address: clientAddress };
}
