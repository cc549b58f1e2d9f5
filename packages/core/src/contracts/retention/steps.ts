import { expect } from "vitest";

import type { IdempotencyKey, Message } from "../../domain/message.ts";
import type { Recipient, RecipientFact } from "../../domain/recipient.ts";
import type { RetentionLimits } from "../../ports/store/retention.ts";
import {
  exampleMessage,
  exampleOutcomes,
  exampleStatusUpdate,
  exampleWebhook,
  withIntent,
  withOutcome,
} from "../fixtures.ts";
import { accept, find, keptWebhooks, later, send } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { succeeds } from "../results.ts";

export const yearMs = 365 * 24 * 3_600_000;

const never = new Date(0);
const nothing: RetentionLimits = {
  keys: never,
  messages: never,
  parkedStatuses: never,
  webhooks: never,
  recipients: never,
  outboxEntries: never,
};

export async function forget(
  { retention }: StoreSubject,
  before: Partial<RetentionLimits>,
  limit = 100,
): Promise<number> {
  return succeeds(await retention.forget({ ...nothing, ...before }, limit));
}

export function example({ clock }: StoreSubject, inMs: number, key?: IdempotencyKey): Message {
  return exampleMessage({ acceptedAt: later(clock, inMs), ...(key && { key }) });
}

export function finished(subject: StoreSubject, inMs: number, key?: IdempotencyKey): Message {
  const intended = withIntent(example(subject, inMs, key));
  return withOutcome(intended, { ...exampleOutcomes.Accepted, wamid: `wamid.${intended.id}` });
}

export async function keep(subject: StoreSubject, message: Message): Promise<Message> {
  expect(await accept(subject, message)).toEqual({ kind: "New" });
  return message;
}

export async function park({ parkedStatuses }: StoreSubject, at: Date): Promise<void> {
  succeeds(await parkedStatuses.park([exampleStatusUpdate({ wamid: "wamid.parked", at })]));
}

/** A recipient writes now. */
export async function hear(subject: StoreSubject, kind: RecipientFact["kind"], recipient: string): Promise<void> {
  const fact = { kind, phoneNumberId: "109876543210987", recipient, at: subject.clock.now() };
  succeeds(await subject.recipients.note([fact]));
}

export async function recipient({ recipients }: StoreSubject, name: string): Promise<Recipient> {
  return succeeds(await recipients.find("109876543210987", name));
}

export function lookup({ request, idempotencyKey }: Message) {
  return { tenantId: request.outlet.tenantId, key: idempotencyKey?.key ?? "" };
}

/** One item of each kind arrives now, and again after each second. */
export async function keepEverySecond(subject: StoreSubject, count: number): Promise<readonly Message[]> {
  const kept: Message[] = [];
  for (let second = 0; second < count; second += 1) {
    kept.push(await keep(subject, finished(subject, 0, { key: `kept-${second}`, fingerprint: "f1" })));
    await park(subject, subject.clock.now());
    const webhook = exampleWebhook({ receivedAt: subject.clock.now() });
    succeeds(await subject.webhookInbox.add([webhook], false));
    await hear(subject, "Wrote", `recipient-${second}`);
    await subject.advance(1000);
  }
  await send(subject, { id: "parked", acceptedAt: later(subject.clock, yearMs) });
  return kept;
}

export async function left(
  subject: StoreSubject,
  kept: readonly Message[],
): Promise<Record<Exclude<keyof RetentionLimits, "outboxEntries">, number>> {
  const found = async (lookups: readonly Parameters<typeof find>[1][]) => {
    const messages = await Promise.all(lookups.map((by) => find(subject, by)));
    return messages.filter((message) => message !== undefined).length;
  };
  const heardOf = await Promise.all(kept.map((_, index) => recipient(subject, `recipient-${index}`)));
  return {
    keys: await found(kept.map(lookup)),
    messages: await found(kept.map(({ id }) => ({ id }))),
    parkedStatuses: succeeds(await subject.parkedStatuses.matched(100)).length,
    webhooks: (await keptWebhooks(subject)).length,
    recipients: heardOf.filter((recipient) => Object.keys(recipient).length > 0).length,
  };
}
