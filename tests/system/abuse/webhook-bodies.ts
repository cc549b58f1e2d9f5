import { createHmac } from "node:crypto";

import type { GraphMessage } from "@message-sender/emulator";

import { appSecret, type Call } from "./abused-server.ts";

export const webhookPath = "/webhooks/whatsapp";

export function signatureOf(body: string | Buffer, secret = appSecret): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** A webhook as Meta signs it. */
export function signed(body: string | Buffer, headers: Record<string, string> = {}): Call {
  return { path: webhookPath, body, headers: { "x-hub-signature-256": signatureOf(body), ...headers } };
}

/** Meta's envelope around changes. */
export function envelope(...changes: readonly unknown[]): string {
  return JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "1", changes }] });
}

export function statusesOf({ phoneNumberId }: Pick<GraphMessage, "phoneNumberId">, statuses: readonly unknown[]) {
  const metadata = { display_phone_number: "15550001111", phone_number_id: phoneNumberId };
  return { field: "messages", value: { messaging_product: "whatsapp", metadata, statuses } };
}

/** One status of a message, as Meta writes it. */
export function statusOf(message: GraphMessage, status: string, timestamp: unknown = "1763719201") {
  const { wamid: id, callbackData } = message;
  return { id, status, timestamp, recipient_id: "628123456789", biz_opaque_callback_data: callbackData };
}
