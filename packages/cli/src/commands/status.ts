import { setTimeout as sleep } from "node:timers/promises";

import { type ApiServer, callApi } from "../api-client.ts";
import { exitCodeOf } from "../exit-code.ts";
import { printJson, printProblem } from "../print.ts";

const pollMs = 1000;
const last = new Set(["read", "failed", "expired", "canceled"]);

/** Prints a message's status. With `watch`, prints each change until the status is final. */
export async function status(server: ApiServer, messageId: string, { watch }: { watch: boolean }): Promise<number> {
  for (let shown = ""; ; await sleep(pollMs)) {
    const answer = await callApi(server, { path: `/api/v1/messages/${encodeURIComponent(messageId)}/status` });
    if (answer.isErr()) {
      printProblem(answer.error.reason);
      return answer.error.exitCode;
    }
    const { status: httpStatus, body } = answer.value;
    const text = JSON.stringify(body);
    if (text !== shown) printJson(body);
    shown = text;
    if (!watch || httpStatus !== 200 || last.has(String(body["status"]))) return exitCodeOf(httpStatus);
  }
}
