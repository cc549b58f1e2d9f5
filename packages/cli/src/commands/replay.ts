import { type ApiServer, callApi } from "../api-client.ts";
import { exitCodeOf } from "../exit-code.ts";
import { printJson, printProblem } from "../print.ts";

/** Makes a running server deliver again, or forget, what it gave up. Prints how much that was. */
export async function replay(
  server: ApiServer,
  what: "history/replay" | "callbacks/replay" | "callbacks/discard",
): Promise<number> {
  const answer = await callApi(server, { method: "POST", path: `/api/v1/admin/${what}` });
  if (answer.isErr()) {
    printProblem(answer.error.reason);
    return answer.error.exitCode;
  }
  printJson(answer.value.body);
  return exitCodeOf(answer.value.status);
}
