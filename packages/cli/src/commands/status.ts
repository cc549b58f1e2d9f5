import { setTimeout as sleep } from "node:timers/promises";

import { exitCode } from "@message-sender/server/process";

import { callApi } from "../api/client.ts";
import type { ApiServer } from "../api/server.ts";
import { findMessageId, type MessageTarget } from "../find-message-id.ts";
import { printJson, printNoSingleMessage } from "../print.ts";
import { printAnswer } from "../print-answer.ts";

const pollMs = 1000;
const last = new Set(["read", "failed", "expired", "canceled"]);

/** Prints a message's id and status. With `watch`, prints each change until the status is final. */
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
    if (answer.isErr() || answer.value.status !== 200) return printAnswer(server, answer);
    const status = { message_id: found.value, ...answer.value.body };
    const text = JSON.stringify(status);
    if (text !== shown) printJson(status);
    shown = text;
    if (!watch || last.has(String(answer.value.body["status"]))) return exitCode.ok;
  }
}
