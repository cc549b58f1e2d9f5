import { type ApiServer, callApi } from "../api-client.ts";
import { exitCodeOf } from "../exit-code.ts";
import { printJson, printProblem } from "../print.ts";

export interface SendOptions {
  readonly to: string;
  readonly text?: string;
  /** Meta's name of a type, and the object that Meta puts under it. Used instead of a text. */
  readonly type?: string;
  readonly message?: unknown;
  readonly replyTo?: string;
  readonly tenant: string;
  readonly outlet: string;
  readonly conversation: string;
  readonly reference?: string;
  readonly key?: string;
}

/** Sends a message through a running server and prints its answer. */
export async function send(server: ApiServer, options: SendOptions): Promise<number> {
  const { to, text, type, message, replyTo, tenant, outlet, conversation, reference, key } = options;
  const answer = await callApi(server, {
    path: "/api/v1/messages/send",
    headers: key === undefined ? {} : { "idempotency-key": key },
    body: {
      tenant_id: tenant,
      outlet_id: outlet,
      conversation_id: conversation,
      to,
      message: text ?? message,
      message_type: type ?? "text",
      reply_to: replyTo,
      reference,
    },
  });
  if (answer.isErr()) {
    printProblem(answer.error.reason);
    return answer.error.exitCode;
  }
  printJson(answer.value.body);
  return exitCodeOf(answer.value.status);
}
