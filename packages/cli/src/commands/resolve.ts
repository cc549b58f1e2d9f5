import { type ApiServer, callApi } from "../api-client.ts";
import { exitCodeOf } from "../exit-code.ts";
import { printJson, printProblem } from "../print.ts";

/** Resends a message that is unknown or failed, or abandons an unknown one. Prints its record. */
export async function resolve(server: ApiServer, messageId: string, action: "resend" | "abandon"): Promise<number> {
  const path = `/api/v1/messages/${encodeURIComponent(messageId)}/resolve`;
  const answer = await callApi(server, { path, body: { action } });
  if (answer.isErr()) {
    printProblem(answer.error.reason);
    return answer.error.exitCode;
  }
  printJson(answer.value.body);
  return exitCodeOf(answer.value.status);
}
