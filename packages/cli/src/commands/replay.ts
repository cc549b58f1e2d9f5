import { callApi } from "../api/client.ts";
import type { ApiServer } from "../api/server.ts";
import { printAnswer } from "../print-answer.ts";

/** Makes a running server deliver again, or forget, what it gave up. Prints how much that was. */
export async function replay(
  server: ApiServer,
  what: "history/replay" | "callbacks/replay" | "callbacks/discard",
): Promise<number> {
  return printAnswer(server, await callApi(server, { method: "POST", path: `/api/v1/admin/${what}` }));
}
