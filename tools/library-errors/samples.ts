import { createMessageSender, type Message, type Pause } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";

import type { SenderError } from "./error-kinds.ts";

type Samples = { readonly [K in SenderError["kind"]]: readonly (SenderError & { kind: K })[] };

const at = new Date("2026-01-01T00:00:00Z");
const pause: Pause = {
  id: "tenant:acme",
  kind: "tenant",
  name: "acme",
  tenantId: "acme",
  owner: "operator",
  reason: "a reason",
  by: "ops",
  at,
};
const failure = { class: "recipient", code: 131026, details: "Message undeliverable" } as const;

/** Errors of each kind: one for each HTTP answer that the kind has. */
export function sampleErrors(message: Message): Samples {
  const retryAt = at;
  const reason = "a reason";
  const replayed = false;
  return {
    InvalidCommand: [{ kind: "InvalidCommand", problems: [{ path: ["to"], detail: "is wrong" }] }],
    InvalidQuery: [{ kind: "InvalidQuery", problems: [{ path: ["limit"], detail: "is wrong" }] }],
    KeyReused: [{ kind: "KeyReused" }],
    TemplateRefused: [
      {
        kind: "TemplateRefused",
        template: { name: "order_ready", language: "en_US", status: "APPROVED" },
        problems: [{ path: ["components"], detail: "is wrong" }],
      },
    ],
    InProgress: [{ kind: "InProgress", replayed }],
    TenantUnknown: [{ kind: "TenantUnknown" }],
    OutletUnknown: [{ kind: "OutletUnknown" }],
    NoOtherCredential: [{ kind: "NoOtherCredential" }],
    QuotaExceeded: [{ kind: "QuotaExceeded" }],
    QueueFull: [{ kind: "QueueFull", limit: 100_000, retryAt }],
    Unavailable: [
      { kind: "Unavailable", reason },
      { kind: "Unavailable", reason, retryAt, pause },
    ],
    Rejected: [{ kind: "Rejected", message, failure, replayed }],
    CredentialsRejected: [{ kind: "CredentialsRejected", message, replayed }],
    DeliveryFailed: [{ kind: "DeliveryFailed", message, retryAt, replayed }],
    RateLimited: [
      { kind: "RateLimited", message, retryAt, replayed },
      { kind: "RateLimited", retryAt: at, cause: "limit", reason },
      { kind: "RateLimited", retryAt: at, cause: "outage", reason },
    ],
    Outage: [{ kind: "Outage", message, retryAt, replayed }],
    Interrupted: [{ kind: "Interrupted", message, replayed }],
    OutcomeUnknown: [{ kind: "OutcomeUnknown", message, replayed }],
    OutcomeUnrecorded: [{ kind: "OutcomeUnrecorded", message, reason }],
    Queued: [{ kind: "Queued", message, replayed }],
    PauseNotFound: [{ kind: "PauseNotFound" }],
    MessageNotFound: [{ kind: "MessageNotFound" }],
    Conflict: [{ kind: "Conflict", message, action: "resend" }],
    InvalidRecipient: [{ kind: "InvalidRecipient" }],
    PersonInUse: [{ kind: "PersonInUse", messageIds: ["018f"] }],
    NoWebhookReceiver: [{ kind: "NoWebhookReceiver" }],
    RequestRefused: [{ kind: "RequestRefused", failure }],
    RequestFailed: [{ kind: "RequestFailed", reason }],
    RequestUnknown: [{ kind: "RequestUnknown", reason }],
    Aborted: [{ kind: "Aborted" }],
    MediaInvalid: [{ kind: "MediaInvalid", detail: "is wrong" }],
    MediaTooLarge: [{ kind: "MediaTooLarge", mimeType: "image/png", largestBytes: 5_242_880 }],
    ContentFailed: [{ kind: "ContentFailed" }],
    ContentTooSlow: [{ kind: "ContentTooSlow" }],
  };
}

/** A message that was sent, for errors that carry one. */
export async function sampleMessage(): Promise<Message> {
  const ports = createTestPorts();
  const sent = await ports.clock.runUntil(
    createMessageSender(ports).send({
      tenantId: "acme",
      outletId: "jakarta-1",
      conversationId: "budi",
      to: "+628123456789",
      content: { type: "text", text: { body: "Hello!" } },
    }),
  );
  if (sent.isErr()) throw new Error(`The sample was not sent: ${sent.error.kind}`);
  return sent.value.message;
}
