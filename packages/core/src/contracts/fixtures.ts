import type { Content } from "../content/content.ts";
import type { Failure } from "../domain/failure.ts";
import type { Identifier, OutletRef } from "../content/identifiers.ts";
import { beginAttempt, endAttempt, newMessage } from "../domain/message-changes.ts";
import { recordProviderFacts } from "../domain/provider-facts.ts";
import type { IdempotencyKey, Message, MessageMode, Pricing, ProviderStatus } from "../domain/message.ts";
import { wamidsOf } from "../domain/status.ts";
import type { Outcome } from "../domain/outcome.ts";
import { Secret } from "../domain/secret.ts";
import type { StatusUpdate } from "../domain/status-update.ts";
import type { Credential } from "../ports/credentials.ts";
import type { HistoryEntry } from "../ports/history.ts";
import type { Unavailable } from "../ports/unavailable.ts";
import type { Submission } from "../ports/transport.ts";
import type { ReceivedWebhook } from "../ports/webhook-forwarding.ts";
import { statusEventsOf, type StatusEvent } from "../domain/status-event.ts";
import type { NewOutboxEntry } from "../ports/store/outbox.ts";
import { historyEntryOf } from "../use-cases/outbox/history-entry.ts";
import type { SendMessageCommand } from "../use-cases/accept/send-command.ts";

/** The outlet of the examples. */
export const exampleOutlet: OutletRef = { tenantId: "tenant-1", outletId: "outlet-1" };

/** The time of the examples. Its milliseconds must survive. */
export const exampleTime = new Date("2025-11-21T10:00:00.123Z");

/** Emoji with joiners, right-to-left override, combining marks, whitespace and quotes: all of them must survive. */
export const oddText = `👩‍👩‍👧‍👦 🏳️‍🌈 \u202Eevil\u202C e\u0301\u0323\u0300 \n\t"'\`\\ %00 $1 {} <b>&amp; ١٢ ｆｕｌｌ ${"𝕏".repeat(3)}`;

/** A failure with every field that it can have. */
export const exampleFailure: Failure = {
  class: "recipient",
  code: 131026,
  httpStatus: 400,
  details: oddText,
  advice: "Ask for another number.",
  fbtraceId: "Az8or2yhqkZfEZ-_4Qn_Bam",
};

/** One outcome of each kind, with every field that it can have. */
export const exampleOutcomes = {
  Accepted: { kind: "Accepted", wamid: "wamid.HBgN+/=", waId: "628123456789" },
  Refused: { kind: "Refused", failure: exampleFailure, final: false, maybeProcessed: true, retryAfterMs: 1500 },
  CredentialRefused: { kind: "CredentialRefused", failure: { class: "credentials", code: 190, details: "expired" } },
  Throttled: { kind: "Throttled", scope: "pair", failure: { class: "throttled", details: "" }, retryAfterMs: 4000 },
  NotSent: { kind: "NotSent", final: false, cause: "ECONNREFUSED" },
  Ambiguous: { kind: "Ambiguous", sawSuccess: false, cause: "ECONNRESET" },
} as const satisfies { [K in Outcome["kind"]]: Extract<Outcome, { kind: K }> };

/** The error of a store or a service that is away. */
export const exampleUnavailable: Unavailable = { kind: "Unavailable", reason: "gone for the example" };

/** A command that every sender accepts. */
export const exampleCommand: SendMessageCommand = {
  ...exampleOutlet,
  conversationId: "conversation-1",
  to: "+628123456789",
  content: { type: "text", text: { body: "Hello" } },
};

/** What an example has in place of its default. */
export interface ExampleFields {
  readonly id?: string;
  readonly tenantId?: Identifier;
  readonly outletId?: Identifier;
  readonly to?: string;
  readonly conversationId?: Identifier;
  readonly body?: string;
  readonly quotaBlockId?: string;
  readonly key?: IdempotencyKey;
  readonly mode?: MessageMode;
  readonly acceptedAt?: Date;
}

let examples = 0;

/** A new message. Each has its own id. */
export function exampleMessage(fields: ExampleFields = {}): Message {
  // Later ids sort after earlier ones.
  const { id = `example-${String((examples += 1)).padStart(6, "0")}`, body = "Hello" } = fields;
  const { tenantId = exampleOutlet.tenantId, outletId = exampleOutlet.outletId } = fields;
  return newMessage({
    id,
    request: {
      outlet: { tenantId, outletId },
      conversationId: fields.conversationId ?? "conversation-1",
      to: fields.to ?? "+628123456789",
      content: { type: "text", text: { body } },
    },
    mode: fields.mode ?? "waiting",
    policy: { scheduleMs: [0, 1000, 2000, 4000], onAmbiguous: "resend", evidenceMs: 5000 },
    acceptedAt: fields.acceptedAt ?? exampleTime,
    quotaBlockId: fields.quotaBlockId ?? "block-1",
    ...(fields.key && { idempotencyKey: fields.key }),
  });
}

/** The message with one more attempt, in flight. */
export function withIntent(message: Message): Message {
  return beginAttempt(message, { startedAt: exampleTime, phoneNumberId: "109876543210987", spread: 0.123_456_789 });
}

/** The message with an attempt ended: by default the last one. */
export function withOutcome(
  message: Message,
  outcome: Outcome,
  at = exampleTime,
  number = message.attempts.length,
): Message {
  return endAttempt(message, number, { at, durationMs: 87, outcome });
}

/** A status update about an attempt: by default about the last one, under its own id. */
export function withReport(
  message: Message,
  status: ProviderStatus,
  at = exampleTime,
  said: {
    readonly number?: number;
    readonly wamid?: string;
    readonly failure?: Failure;
    readonly pricing?: Pricing;
  } = {},
): Message {
  const { number = message.attempts.length, wamid, ...rest } = said;
  const attempt = message.attempts[number - 1];
  const [known = `wamid.reported-${number}`] = attempt ? wamidsOf({ attempts: [attempt] }) : [];
  return recordProviderFacts(message, [{ status, at, ...rest, attempt: { number, wamid: wamid ?? known } }]);
}

/** The history entries for the sent message, as a sender creates them. */
export function exampleEntries(before: Message, after: Message): readonly NewOutboxEntry[] {
  const entry = historyEntryOf(before, after);
  return entry ? [{ topic: "history", entry }] : [];
}

/** The history entry of a sent message. */
export function exampleEntry(fields: ExampleFields = {}): HistoryEntry {
  const intended = withIntent(exampleMessage(fields));
  const entry = historyEntryOf(intended, withOutcome(intended, exampleOutcomes.Accepted));
  if (!entry) throw new Error("A message that was sent has an entry.");
  return entry;
}

/** The status events of a change, as a sender creates them. */
export function exampleEvents(before: Message | undefined, after: Message): readonly NewOutboxEntry[] {
  return statusEventsOf(before, after, exampleTime).map((entry) => ({ topic: "status", entry }));
}

/** A status event with every field that it can have. */
export function exampleEvent(fields: Partial<StatusEvent> = {}): StatusEvent {
  return {
    messageId: `example-${(examples += 1)}`,
    version: 4,
    at: exampleTime,
    outlet: exampleOutlet,
    conversationId: "conversation-1",
    to: "+628123456789",
    reference: oddText,
    status: "delivered",
    whatsappMessageId: exampleOutcomes.Accepted.wamid,
    failure: { code: 131026, details: oddText, advice: "Ask for another number." },
    possibleDuplicate: true,
    queuedAt: exampleTime,
    sentAt: exampleTime,
    deliveredAt: exampleTime,
    readAt: exampleTime,
    failedAt: exampleTime,
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ...fields,
  };
}

/** A status update with every field that it can have. */
export function exampleStatusUpdate(fields: Partial<StatusUpdate> = {}): StatusUpdate {
  return {
    wamid: exampleOutcomes.Accepted.wamid,
    phoneNumberId: "109876543210987",
    status: "failed",
    at: exampleTime,
    failure: exampleFailure,
    pricing: { billable: true, model: "PMP", category: "utility", type: "regular" },
    callbackData: "ms1:example:1",
    ...fields,
  };
}

/** A received webhook. Each has its own id. */
export function exampleWebhook(fields: Partial<ReceivedWebhook> = {}): ReceivedWebhook {
  return { id: `webhook-${(examples += 1)}`, receivedAt: exampleTime, body: `{"field":"messages"}`, ...fields };
}

/** A credential. Each name gives another access token and another number. */
export function exampleCredential(name = "1"): Credential {
  return { accessToken: new Secret(`EAAG-token-${name}`), phoneNumberId: `10987654321098${name}` };
}

/** One attempt at a message, as a sender hands it to a transport. */
export function exampleSubmission(fields: Partial<Submission> = {}): Submission {
  return {
    credential: exampleCredential(),
    to: "+628123456789",
    content: { type: "text", text: { body: "Hello" } },
    callbackData: "ms1:example:1",
    ...fields,
  };
}

/** The words of a text. */
export function bodyOf(content: Content): string {
  return content.type === "text" ? content.text.body : "";
}
