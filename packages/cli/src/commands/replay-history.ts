import { type ApiServer, callApi } from "../api-client.ts";
import { exitCodeOf } from "../exit-code.ts";
import { printJson, printProblem } from "../print.ts";

/** Makes a running server deliver the dead entries to the Conversation Service again. Prints their number. */
export async function replayHistory(server: ApiServer): Promise<number> {
  const answer = await callApi(server, { method: "POST", path: "/api/v1/admin/history/replay" });
  if (answer.isErr()) {
    printProblem(answer.error.reason);
    return answer.error.exitCode;
  }
  printJson(answer.value.body);
  return exitCodeOf(answer.value.status);
}
