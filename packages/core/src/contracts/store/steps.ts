import { expect } from "vitest";

import type { Message } from "../../domain/message.ts";
import type { Clock } from "../../ports/clock.ts";
import type { HistoryEntry } from "../../ports/history.ts";
import type { AcceptResult, MessagePage, MessageQuery, MessageStore } from "../../ports/store/message-store.ts";
import type { ClaimedEntry, NewOutboxEntry, OutboxSettlement } from "../../ports/store/outbox.ts";
import type { Store } from "../../ports/store/store.ts";
import type { StatusEvent } from "../../domain/status-event.ts";
import type { ReceivedWebhook } from "../../ports/webhook-forwarding.ts";
import {
  type ExampleFields,
  exampleEntries,
  exampleMessage,
  exampleOutcomes,
  withIntent,
  withOutcome,
} from "../fixtures.ts";
import type { AnotherProcess, StoreSubject } from "./subject.ts";
import { succeeds } from "../results.ts";

export async function accept(
  { messages }: StoreSubject,
  message: Message,
  outbox?: readonly NewOutboxEntry[],
): Promise<AcceptResult> {
  return succeeds(await messages.accept(message, outbox));
}

export async function commit({ messages }: StoreSubject, next: Message, outbox?: readonly NewOutboxEntry[]) {
  return succeeds(await messages.commit({ next, ...(outbox && { outbox }) }));
}

export async function find({ messages }: StoreSubject, by: Parameters<MessageStore["find"]>[0]) {
  return succeeds(await messages.find(by));
}

export async function list({ messages }: StoreSubject, query: MessageQuery): Promise<MessagePage> {
  return succeeds(await messages.list(query));
}

/** The messages of every page. `between` runs after each of them. */
export async function listAll(
  subject: StoreSubject,
  query: MessageQuery,
  between: () => Promise<void> = async () => {},
): Promise<readonly Message[]> {
  const found: Message[] = [];
  let after = query.after;
  for (let pages = 0; pages < 100; pages += 1) {
    const page = await list(subject, { ...query, ...(after && { after }) });
    found.push(...page.messages);
    after = page.next;
    if (!after) return found;
    await between();
  }
  throw new Error("The list has no end.");
}

/** Accepts a message, and commits that it was sent together with its outbox entry. */
export async function send(subject: StoreSubject, fields: ExampleFields = {}): Promise<HistoryEntry> {
  const intended = withIntent(exampleMessage(fields));
  const sent = withOutcome(intended, { ...exampleOutcomes.Accepted, wamid: `wamid.${intended.id}` });
  const [added] = exampleEntries(intended, sent);
  if (added?.topic !== "history") throw new Error("A message that was sent has an entry.");
  expect(await accept(subject, intended)).toEqual({ kind: "New" });
  expect((await commit(subject, sent, [added])).applied).toBe(true);
  return added.entry;
}

export async function claim({ outbox }: StoreSubject, limit = 100): Promise<readonly ClaimedEntry<HistoryEntry>[]> {
  return succeeds(await outbox.claim("history", { limit, leaseMs }));
}

export const leaseMs = 30_000;

export function messageIds(claimed: readonly ClaimedEntry<HistoryEntry>[]): string[] {
  return claimed.map(({ entry }) => entry.messageId);
}

/** The messages that are due in the queue and that nothing delays, in no order. Their lines are free again. */
export async function due({ queue }: Pick<Store, "queue">): Promise<readonly Message[]> {
  const lines = succeeds(await queue.claim(1000));
  const found = succeeds(await queue.heads(lines, 1000));
  succeeds(await queue.release(lines));
  return found;
}

/** The store as another process has it. */
export async function anotherProcess(subject: StoreSubject): Promise<AnotherProcess> {
  if (!subject.anotherProcess) throw new Error("Only one process can have this store open.");
  return subject.anotherProcess();
}

/** So long from now. */
export function later(clock: Clock, ms: number): Date {
  return new Date(clock.now().getTime() + ms);
}

/** The kept webhooks, the latest first. */
export async function keptWebhooks({ webhookInbox }: StoreSubject): Promise<readonly ReceivedWebhook[]> {
  return succeeds(await webhookInbox.list({ limit: 100, maxBytes: 2 ** 30 })).webhooks;
}

/** The status events to deliver. */
export async function claimEvents(
  { outbox }: StoreSubject,
  limit = 100,
): Promise<readonly ClaimedEntry<StatusEvent>[]> {
  return succeeds(await outbox.claim("status", { limit, leaseMs }));
}

/** The webhooks to forward. */
export async function claimWebhooks({ outbox }: StoreSubject): Promise<readonly ClaimedEntry<ReceivedWebhook>[]> {
  return succeeds(await outbox.claim("webhook", { limit: 100, leaseMs }));
}

export async function settle(
  { outbox }: StoreSubject,
  claimed: readonly ClaimedEntry<unknown>[],
  as: OutboxSettlement,
): Promise<void> {
  const ids = claimed.map(({ id }) => id);
  succeeds(await outbox.settle(ids, as));
}
