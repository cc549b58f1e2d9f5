import { titleOf } from "../graph/graph-error.ts";
import { userIdOf } from "../graph/graph-ids.ts";
import type { GraphMessage } from "../graph/graph-message.ts";
import { billingOf } from "./billing.ts";

/** A status that webhooks report. */
export type WebhookStatus = "sent" | "delivered" | "read" | "played" | "failed";

/** A change of a message's status. */
export interface StatusEvent {
  readonly message: GraphMessage;
  readonly status: WebhookStatus;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Whether the webhook has pricing: Meta sends it with `sent` and with the first of `delivered` and `read`. */
  readonly priced: boolean;
  readonly error?: WebhookError;
  /** The recipient's phone number, if it is known though the message went to their user id. */
  readonly phone?: string | undefined;
}

/** An error of Meta's in a webhook. */
export interface WebhookError {
  readonly code: number;
  /** Default: the code's title. */
  readonly details?: string;
}

/** The body of a webhook. */
export interface WebhookPayload {
  readonly object: "whatsapp_business_account";
  readonly entry: readonly {
    readonly id: string;
    /** Seconds since the epoch, where Meta says it. */
    readonly time?: number;
    readonly changes: readonly { readonly value: object; readonly field: string }[];
  }[];
}

/** The account and the number that a webhook is about. */
export interface WebhookSource {
  readonly wabaId: string;
  /** In digits. */
  readonly displayPhoneNumber: string;
}

const href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";

/** A status webhook as Meta sends it (Cloud API, "Webhooks: status messages", September 2026). */
export function webhookPayload(event: StatusEvent, source: WebhookSource, subscription = 25): WebhookPayload {
  const { message, status, at, error } = event;
  const { wamid, phoneNumberId, recipient, callbackData, groupId } = message;
  const waId = message.waId ?? event.phone;
  const userId = message.userId ?? (message.waId === undefined ? recipient : userIdOf(source.wabaId, message.waId));
  const failed = status === "failed";
  const update = {
    id: wamid,
    status,
    timestamp: String(Math.floor(at / 1000)),
    ...(groupId === undefined ? recipientOf() : { recipient_id: groupId, recipient_type: "group" }),
    ...(callbackData === undefined ? {} : { biz_opaque_callback_data: callbackData }),
    ...(event.priced && !failed ? billingOf(message, at, subscription) : {}),
    ...(error ? { errors: [errorOf(error)] } : {}),
  };
  const contact = {
    profile: { name: "Sandbox User" },
    ...(waId === undefined ? {} : { wa_id: waId }),
    user_id: userId,
  };
  return envelopeOf(source, phoneNumberId, "messages", {
    ...(failed || groupId !== undefined ? {} : { contacts: [contact] }),
    statuses: [update],
  });

  function recipientOf() {
    return {
      ...(waId === undefined ? {} : { recipient_id: waId }),
      ...(failed && message.waId !== undefined ? {} : { recipient_user_id: userId }),
    };
  }
}

/** Meta's envelope around a change that is about a number. */
export function envelopeOf(source: WebhookSource, phoneNumberId: string, field: string, what: object): WebhookPayload {
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

/** An error in Meta's words. */
export function errorOf({ code, details }: WebhookError) {
  const title = titleOf(code);
  return { code, title, message: title, error_data: { details: details ?? title }, href };
}
