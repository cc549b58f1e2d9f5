import { exitCode } from "@message-sender/server/process";
import { callApi } from "../api-client.ts";
import { exitCodeOf } from "../exit-code.ts";
import { printJson, printProblem } from "../print.ts";

/** Has a running server tell the Conversation Service again what was given up on; prints how many entries that is. */
export async function replayHistory(serverUrl: string): Promise<number> {
  const answer = await callApi(serverUrl, { method: "POST", path: "/api/v1/admin/history/replay" });
  if (answer.isErr()) {
    printProblem(answer.error.reason);
    return exitCode.unavailable;
  }
  printJson(answer.value.body);
  return exitCodeOf(answer.value.status);
}
