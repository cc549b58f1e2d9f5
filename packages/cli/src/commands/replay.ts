import { callApi } from "../api/client.ts";
import { queryPath } from "../api/query-path.ts";
import type { ApiServer } from "../api/server.ts";
import { printAnswer } from "../print-answer.ts";

/** Makes a running server deliver again, or forget, what it gave up. Prints how much that was. */
export async function replay(
  server: ApiServer,
  what: "history/replay" | "callbacks/replay" | "callbacks/discard",
  only: Readonly<Record<string, string | undefined>> = {},
): Promise<number> {
  const path = queryPath(`/api/v1/admin/${what}`, only);
  return printAnswer(server, await callApi(server, { method: "POST", path }));
}
