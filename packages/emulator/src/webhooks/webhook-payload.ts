import { titleOf } from "../graph/graph-error.ts";
import { userIdOf } from "../graph/graph-ids.ts";
import type { GraphMessage } from "../graph/graph-message.ts";

/** A status that webhooks report. */
export type WebhookStatus = "sent" | "delivered" | "read" | "failed";

/** A change of a message's status. */
export interface StatusEvent {
  readonly message: GraphMessage;
  readonly status: WebhookStatus;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Whether the webhook has pricing: Meta sends it with `sent` and with the first of `delivered` and `read`. */
  readonly priced: boolean;
  readonly error?: WebhookError;
}

export interface WebhookError {
  readonly code: number;
  /** Default: the code's title. */
  readonly details?: string;
}

/** The account and the number that a webhook is about. */
export interface WebhookSource {
  readonly wabaId: string;
  /** In digits. */
  readonly displayPhoneNumber: string;
}

const href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";

/** Meta charges for templates only. Since v24, webhooks have no `conversation` besides the pricing. */
function pricingOf({ type, category = "utility", via }: GraphMessage) {
  if (via) return { billable: true, pricing_model: "PMP", type: "regular", category: "marketing_lite" };
  return type === "template"
    ? { billable: true, pricing_model: "PMP", type: "regular", category }
    : { billable: false, pricing_model: "PMP", type: "free_customer_service", category: "service" };
}

/** A status webhook as Meta sends it (Cloud API, "Webhooks: status messages", September 2026). */
export function webhookPayload(event: StatusEvent, source: WebhookSource): object {
  const { message, status, at, error } = event;
  const { wamid, phoneNumberId, waId, recipient, callbackData } = message;
  const userId = message.userId ?? (waId === undefined ? recipient : userIdOf(source.wabaId, waId));
  const failed = status === "failed";
  const update = {
    id: wamid,
    status,
    timestamp: String(Math.floor(at / 1000)),
    ...(waId === undefined ? {} : { recipient_id: waId }),
    ...(failed && waId !== undefined ? {} : { recipient_user_id: userId }),
    ...(callbackData === undefined ? {} : { biz_opaque_callback_data: callbackData }),
    ...(event.priced && !failed ? { pricing: pricingOf(message) } : {}),
    ...(error ? { errors: [errorOf(error)] } : {}),
  };
  const contact = {
    profile: { name: "Sandbox User" },
    ...(waId === undefined ? {} : { wa_id: waId }),
    user_id: userId,
  };
  return envelopeOf(source, phoneNumberId, "messages", {
    ...(failed ? {} : { contacts: [contact] }),
    statuses: [update],
  });
}

/** Meta's envelope around a change that is about a number. */
export function envelopeOf(source: WebhookSource, phoneNumberId: string, field: string, what: object): object {
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: source.displayPhoneNumber, phone_number_id: phoneNumberId },
    ...what,
  };
  return { object: "whatsapp_business_account", entry: [{ id: source.wabaId, changes: [{ value, field }] }] };
}

/** JSON as Meta escapes it: ASCII only, and `/` with a backslash. */
export function encodeWebhook(payload: object): string {
  return JSON.stringify(payload)
    .replaceAll("/", String.raw`\/`)
    .replace(/[\u0080-\uffff]/g, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function errorOf({ code, details }: WebhookError) {
  const title = titleOf(code);
  return { code, title, message: title, error_data: { details: details ?? title }, href };
}
