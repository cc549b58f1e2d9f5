import type { ChatMessage } from "../chats/chat-message.ts";
import type { CustomerAct } from "../customers/customers.ts";
import type { CustomerContext, CustomerFile, CustomerMessage } from "../customers/customer-schema.ts";
import type { WebhookRecord } from "../webhooks/delivery.ts";
import type { WebhookStatus } from "../webhooks/webhook-payload.ts";

/** What a test does with a sandbox, whether it runs in its process or elsewhere. */
export interface TestClient {
  /** A customer, by their phone number in any form or by their business-scoped user id. */
  customer(phone: string, context?: Omit<CustomerContext, "replyTo">): Customer;
  /**
   * Waits for a message that the business sent. Each message is given once, so that the next wait is for another one; with
   * `consume: false` it may be given again. Rejects with a `WaitTimeout` when none came within the time, which says what came
   * instead.
   */
  waitForMessage(match?: SentMatch, options?: WaitOptions & { readonly consume?: boolean }): Promise<ChatMessage>;
  /** Waits until a webhook was sent and answered, or finds one that was. Rejects with a `WaitTimeout`. */
  waitForWebhook(match?: WebhookMatch, options?: WaitOptions): Promise<WebhookRecord>;
  /** The messages in both directions, the oldest first. */
  messages(match?: SentMatch & { readonly direction?: "in" | "out" }): Promise<readonly ChatMessage[]>;
  /** Decides what becomes of a message, now or later. The statuses that were still to come by themselves never come. */
  settle(message: string | { readonly id: string }, status: WebhookStatus, options?: SettleOptions): Promise<void>;
  /**
   * Loads sample numbers, templates and chats in place of the present state: something to look at. Options and the targets of
   * webhooks stay.
   */
  loadSamples(): Promise<void>;
  /** Sends a webhook again, with the same bytes. */
  redeliver(webhook: string | { readonly id: string }): Promise<void>;
}

/** Which messages of a business are meant. One must have all that is given. */
export interface SentMatch {
  /** The customer: a phone number in any form, or a business-scoped user id. */
  readonly to?: string;
  /** The number of the business. */
  readonly phoneNumberId?: string;
  /** Meta's type. */
  readonly type?: string;
  /** A part of what the person reads, or a regular expression for it. */
  readonly text?: string | RegExp;
  /** The last status that was reported. */
  readonly status?: ChatMessage["status"];
}

/** Which webhooks are meant. One must have all that is given. */
export interface WebhookMatch {
  readonly kind?: WebhookRecord["kind"];
  /** Reports a status of this message. */
  readonly wamid?: string;
  readonly status?: WebhookStatus;
  /** A part of its body. */
  readonly text?: string;
  /** How the endpoint answered. */
  readonly responseStatus?: number;
}

/** How long to wait. */
export interface WaitOptions {
  /** Default: 4,000, less than the time that Vitest gives a test. 0: only look. */
  readonly timeoutMs?: number;
}

/** How a message fails, and when its status is reported. */
export interface SettleOptions {
  /** Why it failed, by Meta's code. Default: 131026. */
  readonly errorCode?: number;
  readonly details?: string;
  /** Default: 0. */
  readonly afterMs?: number;
}

/** A customer who writes to the business. Each function rejects where a customer could not do that. */
export interface Customer {
  readonly phone: string;
  /** Writes a text. */
  says(text: string, more?: Pick<CustomerMessage, "replyTo" | "referral" | "referredProduct">): Promise<CustomerAct>;
  /** Presses a button by its label or its id: of the latest message that has it, or of the one given. */
  presses(button: string, of?: string | { readonly id: string }): Promise<CustomerAct>;
  /** Chooses a row of a list by its label or its id. */
  chooses(row: string, of?: string | { readonly id: string }): Promise<CustomerAct>;
  /** Reacts to the latest message, or to the one given. An empty text takes the reaction back. */
  reacts(emoji: string, to?: string | { readonly id: string }): Promise<CustomerAct>;
  /** Completes the form of a flow message. */
  submits(values: Readonly<Record<string, unknown>>, of?: string | { readonly id: string }): Promise<CustomerAct>;
  /** Sends a file. Without `data`, a small sample. */
  sendsFile(kind: "image" | "video" | "audio" | "document" | "sticker", file?: CustomerFile): Promise<CustomerAct>;
  /** Sends anything. */
  sends(message: CustomerMessage): Promise<CustomerAct>;
  /** Reads what was not read yet. */
  reads(): Promise<readonly ChatMessage[]>;
  /** Asks for no more marketing messages. */
  stopsMarketing(): Promise<CustomerAct>;
  /** Allows marketing messages again. */
  resumesMarketing(): Promise<CustomerAct>;
  /** Changes their phone number; WhatsApp tells the business. */
  changesNumber(to: string): Promise<CustomerAct>;
}
