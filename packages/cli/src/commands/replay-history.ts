import { callApi } from "../api-client.ts";
import { exitCode, exitCodeOf } from "../exit-code.ts";

/** Has a running server tell the Conversation Service again what was given up on; prints how many entries that is. */
export async function replayHistory(serverUrl: string): Promise<number> {
  const answer = await callApi(serverUrl, { method: "POST", path: "/api/v1/admin/history/replay" });
  if (answer.isErr()) {
    process.stderr.write(`${answer.error.reason}\n`);
    return exitCode.unavailable;
  }
  process.stdout.write(`${JSON.stringify(answer.value.body, null, 2)}\n`);
  return exitCodeOf(answer.value.status);
}
