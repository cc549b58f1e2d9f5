import { type ApiServer, callApi } from "../api-client.ts";
import { printAnswer } from "../print-answer.ts";

/** Makes a running server deliver again what it gave up: history entries or status callbacks. Prints their number. */
export async function replay(server: ApiServer, what: "history" | "callbacks"): Promise<number> {
  return printAnswer(server, await callApi(server, { method: "POST", path: `/api/v1/admin/${what}/replay` }));
}
