import { sandboxIds } from "@message-sender/server/process";

import { callApi } from "../api/client.ts";
import type { ApiServer } from "../api/server.ts";
import { printProblem } from "../print.ts";
import { printAnswer } from "../print-answer.ts";

export interface SendOptions {
  readonly to: string;
  readonly text?: string;
  /** Meta's name of a type, and the object that Meta puts under it. Used instead of a text. */
  readonly type?: string;
  readonly message?: unknown;
  readonly replyTo?: string;
  /** Which of WhatsApp's APIs sends a template. Default: what the outlet says. */
  readonly via?: "cloud" | "marketing";
  /** Default: one that the sandbox accepts, and the same for the outlet and the conversation. */
  readonly tenant?: string;
  readonly outlet?: string;
  readonly conversation?: string;
  readonly reference?: string;
  readonly idempotencyKey?: string;
}

/** Sends a message through a running server and prints its answer. */
export async function send(server: ApiServer, options: SendOptions): Promise<number> {
  const { to, text, type, message, replyTo, via, tenant, outlet, conversation, reference, idempotencyKey } = options;
  const answer = await callApi(server, {
    path: "/api/v1/messages/send",
    headers: idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey },
    body: {
      tenant_id: tenant ?? sandboxIds.tenant,
      outlet_id: outlet ?? sandboxIds.outlet,
      conversation_id: conversation ?? sandboxIds.conversation,
      to,
      message: text ?? message,
      message_type: type ?? "text",
      reply_to: replyTo,
      via,
      reference,
    },
  });
  const code = printAnswer(server, answer);
  const missing = [...(tenant === undefined ? ["--tenant"] : []), ...(outlet === undefined ? ["--outlet"] : [])];
  if (missing.length > 0 && answer.isOk() && answer.value.status === 404) {
    printProblem(`Give ${missing.join(" and ")}: without, the message is for ids that only a sandbox accepts.`);
  }
  return code;
}
