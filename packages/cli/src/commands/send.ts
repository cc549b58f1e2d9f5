import { callApi } from "../api-client.ts";
import { exitCode, exitCodeOf } from "../exit-code.ts";

export interface SendOptions {
  readonly to: string;
  readonly text: string;
  readonly tenant: string;
  readonly outlet: string;
  readonly conversation: string;
  readonly reference?: string;
  readonly key?: string;
}

/** Sends a text through a running server and prints its answer. */
export async function send(serverUrl: string, options: SendOptions): Promise<number> {
  const { to, text, tenant, outlet, conversation, reference, key } = options;
  const answer = await callApi(serverUrl, {
    path: "/api/v1/messages/send",
    headers: key === undefined ? {} : { "idempotency-key": key },
    body: {
      tenant_id: tenant,
      outlet_id: outlet,
      conversation_id: conversation,
      to,
      message: text,
      message_type: "text",
      reference,
    },
  });
  if (answer.isErr()) {
    process.stderr.write(`${answer.error.reason}\n`);
    return exitCode.unavailable;
  }
  process.stdout.write(`${JSON.stringify(answer.value.body, null, 2)}\n`);
  return exitCodeOf(answer.value.status);
}
