import type { Context } from "hono";

import type { Cell, Cells } from "./cells-file.ts";
import { forward, problem } from "./forward.ts";
import { fieldsOf, listOf, parseJson } from "./json.ts";

/**
 * Passes each message of a batch on to its tenant's cell, and puts the results together in the order of the messages. If a cell refuses its
 * part or gives no answer, each message of that part gets the problem, and the others are accepted all the same.
 */
export async function sendBatch(c: Context, cells: Cells, text: string, cellFor: CellFor): Promise<Response> {
  const body = fieldsOf(parseJson(text));
  const messages = listOf(body["messages"]);
  const parts = Map.groupBy(messages.keys(), (place) => cellFor(fieldsOf(messages[place])["tenant_id"]));
  const [only] = parts.keys();
  // One that cannot be read is refused by any cell.
  if (parts.size === 0) return forward(c, cells.ofTenant(""), text);
  if (parts.size === 1 && only) return forward(c, only, text);

  const results: unknown[] = [];
  await Promise.all(
    [...parts].map(async ([cell, places]) => {
      const part = JSON.stringify({ ...body, messages: places.map((place) => messages[place]) });
      const answer = cell ? await forward(c, cell, part) : moving();
      const given = fieldsOf(parseJson(await answer.text()));
      const ofPart = listOf(given["results"]);
      for (const [at, place] of places.entries())
        results[place] = answer.status === 202 ? ofPart[at] : { problem: given };
    }),
  );
  return Response.json({ results }, { status: 202 });
}

/** The cell of a tenant; undefined while the tenant is being moved. */
export type CellFor = (tenantId: unknown) => Cell | undefined;

export function moving(): Response {
  return problem(
    503,
    "unavailable",
    "The tenant is being moved to another cell. Repeat with the same Idempotency-Key.",
  );
}
