import type { WebhookPayload, WebhookStatus } from "./webhook-payload.ts";

/** The account, and the number if there is one, that a webhook is about. */
export interface WebhookScope {
  readonly wabaId: string;
  readonly phoneNumberId?: string;
}

/** One update to send. */
export interface Delivery {
  readonly id: string;
  readonly kind: "status" | "message" | "preference" | "errors" | "raw";
  readonly about: WebhookScope;
  /** Called once it is due, though there is no target or webhooks are withheld: what it tells has happened. */
  readonly onDue?: () => void;
  /** Called before the first attempt; undefined: there is nothing to send. Nothing catches what it throws: it is a defect. */
  encode(): WebhookUpdate | undefined;
}

export interface WebhookUpdate {
  readonly payload: WebhookPayload;
  readonly statuses: WebhookRecord["statuses"];
}

/** A webhook as it is sent: one update, or several in a batch. */
export interface EncodedWebhook {
  readonly id: string;
  readonly kind: Delivery["kind"];
  readonly about: WebhookScope;
  readonly statuses: WebhookRecord["statuses"];
  readonly updates: number;
  readonly body: string;
}

/** One request to the target, and how it ended. */
export interface WebhookRecord {
  /** The same for each attempt and each copy of a webhook. A batch has that of its first update. */
  readonly id: string;
  /** When it was sent, in milliseconds since the epoch. */
  readonly at: number;
  readonly url: string;
  /** What it is about: a message's status, a message from a person, a marketing preference, errors, or a raw change. */
  readonly kind: Delivery["kind"];
  /** The account and the number whose target it went to. */
  readonly about: WebhookScope;
  readonly statuses: readonly { readonly wamid: string; readonly status: WebhookStatus }[];
  /** How many updates it carries. */
  readonly updates: number;
  /** The headers that the emulator set, the signatures among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes that were sent, which are ASCII. */
  readonly body: string;
  /** 1 for the first attempt of a webhook; each retry adds one. */
  readonly attempt: number;
  /** How long the answer took, in milliseconds. */
  readonly tookMs: number;
  /** Absent when no answer came. */
  readonly responseStatus?: number;
  /** Why no answer came. */
  readonly error?: string;
}
