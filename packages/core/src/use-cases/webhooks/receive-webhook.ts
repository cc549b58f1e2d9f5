import { err, ok, okAsync, type Result, ResultAsync } from "neverthrow";

import { clampToNow, type RecipientFact } from "../../domain/recipient.ts";
import type { StatusUpdate } from "../../domain/status-update.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Recipients } from "../../ports/store/recipients.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Telemetry, UnrecognizedPart } from "../../ports/telemetry.ts";
import type { WebhookForwarding } from "../../ports/webhook-forwarding.ts";
import type { WebhookInbox } from "../../ports/store/webhook-inbox.ts";
import type { ChangePauses } from "../pauses/change-pauses.ts";
import { type TemplateReport, templateReportsOf } from "../pauses/template-pauses.ts";
import type { TemplateCheck } from "../templates/template-check.ts";
import type { RecordStatuses, StatusesRecorded } from "./record-statuses.ts";
import { webhookFactsOf } from "./webhook-facts.ts";

/** The content of one webhook, parsed. */
export interface ReceiveWebhookCommand {
  /** Statuses of messages. */
  readonly statuses?: readonly StatusUpdate[];
  /** When recipients wrote, and whether they want marketing. The advice on a failure that this explains mentions it. */
  readonly recipientFacts?: readonly RecipientFact[];
  /** Everything else, each as the JSON text of a webhook of its own. Equal texts are stored once, and forwarded if that is set up. */
  readonly others?: readonly string[];
  /** Parts that could not be parsed. They are counted by telemetry. */
  readonly unrecognized?: readonly UnrecognizedPart[];
}

/** How much of a webhook was recorded. */
export interface WebhookReceived extends StatusesRecorded {
  /** How many of `others` were stored in the inbox. */
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
  readonly templateCheck: Pick<TemplateCheck, "forget">;
  readonly changePauses: Pick<ChangePauses, "store" | "end">;
}

/**
 * Webhooks about changes of templates (Cloud API, "Webhooks: message_template_status_update" and its neighbors). What is known
 * about the templates of their account is read anew.
 */
const templateFields: ReadonlySet<string | undefined> = new Set([
  "message_template_status_update",
  "message_template_components_update",
  "message_template_quality_update",
  "template_category_update",
]);

const nothingRecorded: StatusesRecorded = { applied: 0, parked: 0, unmatched: 0 };

/** Records one webhook. All of it is committed once this resolves. On `Unavailable` reject the webhook: WhatsApp sends it again. */
export function createReceiveWebhook(
  parts: ReceiveWebhookParts,
): (command: ReceiveWebhookCommand) => ResultAsync<WebhookReceived, Unavailable> {
  const { webhookInbox, recipients, webhookForwarding, clock, ids, telemetry, recordStatuses } = parts;
  const { templateCheck, changePauses } = parts;

  function noteRecipients(facts: readonly RecipientFact[]): ResultAsync<void, Unavailable> {
    const now = clock.now();
    return recipients.note(facts.map((fact) => clampToNow(now, fact)));
  }

  function notePauses(bodies: readonly string[]): ResultAsync<unknown, Unavailable> {
    const receivedAt = clock.now();
    const note = (report: TemplateReport) =>
      report.kind === "Paused" ? changePauses.store(report.pause) : changePauses.end(report.id, report.at);
    return bodies
      .flatMap((body) => templateReportsOf(body, receivedAt))
      .reduce<ResultAsync<unknown, Unavailable>>((noted, report) => noted.andThen(() => note(report)), okAsync());
  }

  function keep(bodies: readonly string[]): ResultAsync<unknown, Unavailable> {
    const receivedAt = clock.now();
    const ofTemplates: string[] = [];
    const webhooks = bodies.map((body) => {
      const { phoneNumberId, wabaId, field } = webhookFactsOf(body);
      if (wabaId !== undefined && templateFields.has(field)) {
        templateCheck.forget(wabaId);
        ofTemplates.push(body);
      }
      return { id: ids.digest(body), receivedAt, ...(phoneNumberId !== undefined && { phoneNumberId }), body };
    });
    return webhookInbox.add(webhooks, webhookForwarding !== undefined).andThen(() => notePauses(ofTemplates));
  }

  async function receive({
    statuses,
    recipientFacts: facts = [],
    others = [],
    unrecognized = [],
  }: ReceiveWebhookCommand): Promise<Result<WebhookReceived, Unavailable>> {
    const recorded = statuses ? await recordStatuses(statuses) : ok(nothingRecorded);
    if (recorded.isErr()) return err(recorded.error);
    // Most webhooks are statuses alone. Of those nothing else is stored.
    if (facts.length > 0 || others.length > 0) {
      const noted = facts.length > 0 ? noteRecipients(facts) : okAsync();
      const kept = await ResultAsync.combine([noted, others.length > 0 ? keep(others) : okAsync()]);
      if (kept.isErr()) return err(kept.error);
    }
    for (const part of unrecognized) telemetry.record({ kind: "WebhookPartUnrecognized", ...part });
    return ok({ ...recorded.value, kept: others.length });
  }

  return (command) => new ResultAsync(receive(command));
}
