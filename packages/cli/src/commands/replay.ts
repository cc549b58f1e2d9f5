import { type ApiServer, callApi } from "../api-client.ts";
import { exitCodeOf } from "../exit-code.ts";
import { printJson, printProblem } from "../print.ts";

/** Makes a running server deliver again what it gave up: history entries or status callbacks. Prints their number. */
export async function replay(server: ApiServer, what: "history" | "callbacks"): Promise<number> {
  const answer = await callApi(server, { method: "POST", path: `/api/v1/admin/${what}/replay` });
  if (answer.isErr()) {
    printProblem(answer.error.reason);
    return answer.error.exitCode;
  }
  printJson(answer.value.body);
  return exitCodeOf(answer.value.status);
}
