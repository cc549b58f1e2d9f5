import { setTimeout as sleep } from "node:timers/promises";

import { type ApiServer, callApi } from "../api-client.ts";
import { exitCodeOf } from "../exit-code.ts";
import { findMessageId, type MessageTarget } from "../find-message-id.ts";
import { printJson, printNoSingleMessage, printProblem } from "../print.ts";

const pollMs = 1000;
const last = new Set(["read", "failed", "expired", "canceled"]);

/** Prints a message's status. With `watch`, prints each change until the status is final. */
export async function status(
  server: ApiServer,
  target: MessageTarget,
  { watch }: { readonly watch: boolean },
): Promise<number> {
  const found = await findMessageId(server, target);
  if (found.isErr()) return printNoSingleMessage(found.error);
  const path = `/api/v1/messages/${encodeURIComponent(found.value)}/status`;
  for (let shown = ""; ; await sleep(pollMs)) {
    const answer = await callApi(server, { path });
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
