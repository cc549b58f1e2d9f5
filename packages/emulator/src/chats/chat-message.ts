import type { WebhookError, WebhookStatus } from "../webhooks/webhook-payload.ts";

/** A message between a number and a customer, in either direction. */
export interface ChatMessage {
  /** Counts the messages since the start. */
  readonly seq: number;
  readonly id: string;
  /** `out`: the business sent it; `in`: the customer did. */
  readonly direction: "out" | "in";
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly phoneNumberId: string;
  /** The customer's phone number in digits, or their business-scoped user id where no phone number is known. */
  readonly customer: string;
  readonly profileName?: string;
  readonly type: string;
  /** What the person reads, line by line: texts, captions, labels, names, parameters of a template. */
  readonly text: string;
  /** Meta's own object: the body of the send, or the message of the webhook. */
  readonly content: Readonly<Record<string, unknown>>;
  /** The last status that was reported; `accepted` before the first, and `received` from a customer. */
  readonly status: WebhookStatus | "accepted" | "received";
  readonly statuses: readonly StatusChange[];
}

/** A status of a message that was reported. */
export interface StatusChange {
  readonly status: WebhookStatus;
  readonly at: number;
  readonly error?: WebhookError;
}
