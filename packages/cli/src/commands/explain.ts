import { styleText } from "node:util";

import { exitCode } from "@message-sender/server/process";

import { type ApiServer, callApi } from "../api-client.ts";
import { exitCodeOf } from "../exit-code.ts";
import { explanationText, type Style } from "../explanation-text.ts";
import { findMessageId, type MessageTarget } from "../find-message-id.ts";
import { printNoSingleMessage, printProblem } from "../print.ts";

const looks = { title: "bold", good: "green", bad: "red", faint: "dim" } as const;

/** Plain text if the output is not a terminal or `NO_COLOR` is set. */
const style: Style = (part, text) => styleText(looks[part], text, { stream: process.stdout });

/** Prints what happened to a message and why, attempt by attempt. */
export async function explain(server: ApiServer, target: MessageTarget): Promise<number> {
  const found = await findMessageId(server, target);
  if (found.isErr()) return printNoSingleMessage(found.error);
  const answer = await callApi(server, { path: `/api/v1/messages/${encodeURIComponent(found.value)}` });
  if (answer.isErr()) {
    printProblem(answer.error.reason);
    return answer.error.exitCode;
  }
  const { status, body } = answer.value;
  const text = status === 200 ? explanationText(body, style) : undefined;
  if (text !== undefined) {
    process.stdout.write(`${text}\n`);
    return exitCode.ok;
  }
  const { detail } = body;
  printProblem(typeof detail === "string" ? detail : "The server's answer is not a message.");
  return status === 200 ? exitCode.failed : exitCodeOf(status);
}
