import type { WebhookStatus } from "./webhook-payload.ts";

/** A webhook to send. */
export interface Delivery {
  readonly kind: "status" | "message" | "preference" | "raw";
  /** Called before each attempt; undefined: there is nothing to send. Nothing catches what it throws: it is a defect. */
  encode(): EncodedWebhook | undefined;
}

export interface EncodedWebhook {
  readonly body: string;
  readonly statuses: WebhookRecord["statuses"];
}

/** One request to the target, and how it ended. */
export interface WebhookRecord {
  /** When it was sent, in milliseconds since the epoch. */
  readonly at: number;
  readonly url: string;
  /** A message's status, a message from a person, a marketing preference, or a raw change. */
  readonly kind: Delivery["kind"];
  readonly statuses: readonly { readonly wamid: string; readonly status: WebhookStatus }[];
  /** 1 for the first attempt of a webhook; each retry adds one. */
  readonly attempt: number;
  /** Absent when no answer came. */
  readonly responseStatus?: number;
  /** Why no answer came. */
  readonly error?: string;
}
