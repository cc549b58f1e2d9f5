import { okAsync, ResultAsync } from "neverthrow";

import { clampToNow, type RecipientFact } from "../../domain/recipient.ts";
import type { StatusUpdate } from "../../domain/status-update.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Recipients } from "../../ports/recipients.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Telemetry, UnrecognizedPart } from "../../ports/telemetry.ts";
import type { WebhookForwarding } from "../../ports/webhook-forwarding.ts";
import type { WebhookInbox } from "../../ports/webhook-inbox.ts";
import type { RecordStatuses, StatusesRecorded } from "./record-statuses.ts";

/** What WhatsApp says in one webhook. */
export interface ReceiveWebhookCommand {
  readonly statuses?: readonly StatusUpdate[];
  /** When somebody wrote, and whether they want marketing: failures that this bears on say so in their advice. */
  readonly recipientFacts?: readonly RecipientFact[];
  /** Everything else, each a webhook of its own as JSON text. The same text is kept once, and forwarded where that is set up. */
  readonly others?: readonly string[];
  /** What was not understood, which is counted. */
  readonly unrecognized?: readonly UnrecognizedPart[];
}

export interface WebhookReceived extends StatusesRecorded {
  /** How many of `others` are in the inbox. */
  readonly kept: number;
}

interface ReceiveWebhookParts {
  readonly webhookInbox: WebhookInbox;
  readonly recipients: Recipients;
  readonly webhookForwarding?: WebhookForwarding;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
  readonly recordStatuses: RecordStatuses["record"];
}

const nothingRecorded: StatusesRecorded = { applied: 0, parked: 0, unmatched: 0 };

/** Takes one webhook: all of it is committed when this resolves. On `Unavailable` refuse the webhook, so that it comes again. */
export function createReceiveWebhook(
  parts: ReceiveWebhookParts,
): (command: ReceiveWebhookCommand) => ResultAsync<WebhookReceived, Unavailable> {
  const { webhookInbox, recipients, webhookForwarding, clock, ids, telemetry, recordStatuses } = parts;

  function noteRecipients(facts: readonly RecipientFact[]): ResultAsync<void, Unavailable> {
    const now = clock.now();
    return facts.length === 0 ? okAsync() : recipients.note(facts.map((fact) => clampToNow(now, fact)));
  }

  function keep(bodies: readonly string[], unread: readonly UnrecognizedPart[]): ResultAsync<void, Unavailable> {
    const receivedAt = clock.now();
    const webhooks = bodies.map((body) => ({ id: ids.digest(body), receivedAt, body }));
    return webhookInbox.add(webhooks, webhookForwarding !== undefined).andTee(() => {
      for (const part of unread) telemetry.record({ kind: "WebhookPartUnrecognized", ...part });
    });
  }

  return ({ statuses, recipientFacts = [], others, unrecognized = [] }) =>
    (statuses ? recordStatuses(statuses) : okAsync(nothingRecorded)).andThen((recorded) =>
      ResultAsync.combine([noteRecipients(recipientFacts), others ? keep(others, unrecognized) : okAsync()]).map(
        () => ({
          ...recorded,
          kept: others?.length ?? 0,
        }),
      ),
    );
}
