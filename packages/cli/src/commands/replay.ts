import { callApi } from "../api/client.ts";
import type { ApiServer } from "../api/server.ts";
import { printAnswer } from "../print-answer.ts";

/** Makes a running server deliver again, or forget, what it gave up. Prints how much that was. */
export async function replay(
  server: ApiServer,
  what: "history/replay" | "callbacks/replay" | "callbacks/discard",
  only: Readonly<Record<string, string | undefined>> = {},
): Promise<number> {
  const query = new URLSearchParams(
    Object.entries(only).filter((given): given is [string, string] => given[1] !== undefined),
  );
  const path = `/api/v1/admin/${what}${query.size === 0 ? "" : `?${query.toString()}`}`;
  return printAnswer(server, await callApi(server, { method: "POST", path }));
}
