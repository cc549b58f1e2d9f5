import type { GraphMessage } from "./graph.ts";
import { titleOf } from "./graph-error.ts";
import { userIdOf } from "./graph-ids.ts";

export type WebhookStatus = "sent" | "delivered" | "read" | "failed";

/** What became of a message. */
export interface StatusEvent {
  readonly message: GraphMessage;
  readonly status: WebhookStatus;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Meta says what a message cost with `sent` and with the first of `delivered` and `read`. */
  readonly priced: boolean;
  readonly error?: WebhookError;
}

export interface WebhookError {
  readonly code: number;
  /** Default: the code's title. */
  readonly details?: string;
}

/** Whose message it was. */
export interface WebhookSource {
  readonly wabaId: string;
  /** Digits. */
  readonly displayPhoneNumber: string;
}

const href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";

// Each message is an answer within the customer service window, as long as templates are not supported. Since v24 there
// is no `conversation` beside it.
const pricing = { billable: false, pricing_model: "PMP", type: "free_customer_service", category: "service" };

/** Meta's envelope around one status (Cloud API, "Webhooks: status messages", September 2026). */
export function webhookPayload(event: StatusEvent, { wabaId, displayPhoneNumber }: WebhookSource): object {
  const { message, status, at, error } = event;
  const { wamid, phoneNumberId, waId, recipient, callbackData } = message;
  const userId = waId === undefined ? recipient : userIdOf(wabaId, waId);
  const failed = status === "failed";
  const update = {
    id: wamid,
    status,
    timestamp: String(Math.floor(at / 1000)),
    ...(waId === undefined ? {} : { recipient_id: waId }),
    ...(failed && waId !== undefined ? {} : { recipient_user_id: userId }),
    ...(callbackData === undefined ? {} : { biz_opaque_callback_data: callbackData }),
    ...(event.priced && !failed ? { pricing } : {}),
    ...(error ? { errors: [errorOf(error)] } : {}),
  };
  const contact = {
    profile: { name: "Sandbox User" },
    ...(waId === undefined ? {} : { wa_id: waId }),
    user_id: userId,
  };
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: displayPhoneNumber, phone_number_id: phoneNumberId },
    ...(failed ? {} : { contacts: [contact] }),
    statuses: [update],
  };
  return { object: "whatsapp_business_account", entry: [{ id: wabaId, changes: [{ value, field: "messages" }] }] };
}

/** JSON with Meta's escapes: all of it is ASCII, and `/` has a backslash. */
export function encodeWebhook(payload: object): string {
  return JSON.stringify(payload)
    .replaceAll("/", String.raw`\/`)
    .replace(/[\u0080-\uffff]/g, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function errorOf({ code, details }: WebhookError) {
  const title = titleOf(code);
  return { code, title, message: title, error_data: { details: details ?? title }, href };
}
