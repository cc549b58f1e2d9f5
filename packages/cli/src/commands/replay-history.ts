import { exitCode } from "@message-sender/server/process";
import { callApi } from "../api-client.ts";
import { exitCodeOf } from "../exit-code.ts";
import { printJson, printProblem } from "../print.ts";

/** Makes a running server deliver the dead entries to the Conversation Service again. Prints their number. */
export async function replayHistory(serverUrl: string): Promise<number> {
  const answer = await callApi(serverUrl, { method: "POST", path: "/api/v1/admin/history/replay" });
  if (answer.isErr()) {
    printProblem(answer.error.reason);
    return exitCode.unavailable;
  }
  printJson(answer.value.body);
  return exitCodeOf(answer.value.status);
}
