import type { Context } from "hono";

import type { Cell } from "./cells-file.ts";
import { forward, problem } from "./forward.ts";

/**
 * Asks every cell about an id that names no tenant, such as that of a message. At most one cell knows it, and the others answer 404 and
 * change nothing. "Not found" is the answer only if each cell has said so.
 */
export async function findInCells(c: Context, cells: readonly Cell[], body?: string): Promise<Response> {
  const answers = await Promise.all(cells.map((cell) => forward(c, cell, body)));
  const found = answers.find(({ status }) => status < 500 && status !== 404);
  const failed = answers.find(({ status }) => status >= 500);
  const answer = found ?? failed ?? answers[0];
  for (const other of answers) if (other !== answer) await other.body?.cancel();
  return answer ?? problem(404, "not-found", "No such resource.");
}
