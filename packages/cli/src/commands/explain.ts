import { styleText } from "node:util";

import { exitCode } from "@message-sender/server/process";

import { callApi } from "../api/client.ts";
import type { ApiServer } from "../api/server.ts";
import { explanationText, type Style } from "../explanation-text.ts";
import { findMessageId, type MessageTarget } from "../find-message-id.ts";
import { printNoSingleMessage, printProblem } from "../print.ts";
import { printAnswer, printFailure } from "../print-answer.ts";

const looks = { title: "bold", good: "green", bad: "red", faint: "dim" } as const;

/** Plain text if the output is not a terminal or `NO_COLOR` is set. */
const style: Style = (part, text) => styleText(looks[part], text, { stream: process.stdout });

/** Prints what happened to a message and why, attempt by attempt, or its record as JSON. */
export async function explain(
  server: ApiServer,
  target: MessageTarget,
  { json }: { readonly json: boolean },
): Promise<number> {
  const found = await findMessageId(server, target);
  if (found.isErr()) return printNoSingleMessage(found.error);
  const answer = await callApi(server, { path: `/api/v1/messages/${encodeURIComponent(found.value)}` });
  if (json) return printAnswer(server, answer);
  if (answer.isErr() || answer.value.status !== 200) return printFailure(server, answer);
  const text = explanationText(answer.value.body, style);
  if (text === undefined) {
    printProblem("The server's answer is not a message.");
    return exitCode.failed;
  }
  process.stdout.write(`${text}\n`);
  return exitCode.ok;
}
