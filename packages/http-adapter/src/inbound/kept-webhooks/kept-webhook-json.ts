import type { KeptWebhook } from "@message-sender/core/adapter";

import { parseJson } from "../bodies/json-body.ts";

/** A page as JSON. The bodies stand in it as they were received, digit by digit. */
export function webhooksJson(webhooks: readonly KeptWebhook[], nextCursor: string | null): string {
  return `{"webhooks":[${webhooks.map(webhookJson).join(",")}],"next_cursor":${JSON.stringify(nextCursor)}}`;
}

function webhookJson({ id, receivedAt, phoneNumberId, wabaId, field, body }: KeptWebhook): string {
  const facts = { id, received_at: receivedAt, phone_number_id: phoneNumberId, waba_id: wabaId, field };
  return `${JSON.stringify(facts).slice(0, -1)},"body":${jsonOf(body)}}`;
}

/** An embedder may have kept a text that is no JSON. */
function jsonOf(body: string): string {
  return parseJson(body).isOk() ? body : JSON.stringify(body);
}
