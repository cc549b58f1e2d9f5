import { exitCode } from "@message-sender/server/process";

import { callApi } from "../api-client.ts";
import { exitCodeOf } from "../exit-code.ts";
import { printJson, printProblem } from "../print.ts";

/** Resends a message that is unknown or failed, or abandons an unknown one. Prints its record. */
export async function resolve(serverUrl: string, messageId: string, action: "resend" | "abandon"): Promise<number> {
  const path = `/api/v1/messages/${encodeURIComponent(messageId)}/resolve`;
  const answer = await callApi(serverUrl, { path, body: { action } });
  if (answer.isErr()) {
    printProblem(answer.error.reason);
    return exitCode.unavailable;
  }
  printJson(answer.value.body);
  return exitCodeOf(answer.value.status);
}
