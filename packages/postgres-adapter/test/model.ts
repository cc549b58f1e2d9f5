import type { ResultAsync } from "neverthrow";

import type { Message } from "@message-sender/core";
import { encodeStatusUpdate, type LineRef } from "@message-sender/core/adapter";
import {
  exampleEntries,
  exampleEvents,
  exampleMessage,
  exampleStatusUpdate,
  exampleTime,
  exampleWebhook,
} from "@message-sender/core/contracts";
import { createInMemoryStore, type InMemoryStore, type ManualClock } from "@message-sender/core/in-memory";
import { expect } from "vitest";

import type { PostgresStore } from "@message-sender/postgres-adapter";

import { changed, type Step } from "./model-steps.ts";

type Both = <T, E>(
  work: (subject: Omit<InMemoryStore, "setUnavailable" | "openAnotherProcess">) => ResultAsync<T, E>,
) => Promise<T | undefined>;

/** Makes the same calls on a store and on the one in memory, and expects the same answers. */
export async function agree(steps: readonly Step[], store: PostgresStore, clock: ManualClock): Promise<void> {
  const model = createInMemoryStore({ clock });
  const both: Both = async (work) => {
    const expected = await work(model);
    expect(await work(store)).toEqual(expected);
    return expected.isOk() ? expected.value : undefined;
  };
  const take = createSteps(both, clock);
  for (const step of steps) {
    await take.step(step);
    await Promise.all([
      both(({ quotaLedger }) => quotaLedger.unsettled().map(sorted(({ block }) => block.id))),
      both(({ quotaLedger }) => quotaLedger.requested().map(sorted(({ id }) => id))),
      both(({ queue }) =>
        queue
          .state({ limit: 100, upTo: 3 })
          .map((lines) => lines.map(({ isHeld: _, ...line }) => line))
          .map(sorted(nameOf)),
      ),
      both(({ queue }) => queue.depth("tenant-0", 3)),
      both(({ recipients }) => recipients.find("109876543210987", "+628123456789")),
      both(({ parkedStatuses }) => parkedStatuses.matched(100).map(sorted(encodeStatusUpdate))),
    ]);
  }
  await clock.advance(61_000);
  for (const { id } of take.messages) await both(({ outbox }) => outbox.undelivered(id));
  for (const tenantId of ["tenant-0", "tenant-1"]) {
    const of = { tenantId, limit: 100 };
    await both(({ outbox }) => outbox.listDead("history", of).map(sorted(({ messageId }) => messageId)));
  }
  for (const topic of ["history", "webhook", "status"] as const) {
    await both(({ outbox }) => outbox.revive(topic));
    await both(({ outbox }) => outbox.claim(topic, { limit: 100, leaseMs: 1 }).map(sorted(({ id }) => id)));
  }
  for (const tenantId of ["tenant-0", "tenant-1"]) {
    const rest = { id: tenantId, tenantId, period: "day", startsAt: new Date(0), limit: 100, amount: 100 };
    await both(({ quotaCounters }) => quotaCounters.take(rest));
  }
  for (const tenantIds of [undefined, ["tenant-0"], ["tenant-0", "tenant-1"]]) {
    for (const conversationId of [undefined, "conversation-0"]) {
      for (const status of [undefined, "queued", "sent", "unknown"] as const) {
        const query = {
          ...(tenantIds && { tenantIds }),
          ...(conversationId && { conversationId }),
          ...(status && { status }),
          limit: 3,
        };
        await both(({ messages }) => messages.list(query).map((page) => page.messages.map(({ id }) => id)));
      }
    }
  }
  await both(({ webhookInbox }) => webhookInbox.list({ limit: 100, maxBytes: 1e9 }));
  for (const { id, request, idempotencyKey } of take.messages) {
    const { tenantId } = request.outlet;
    await both(({ messages }) => messages.find({ id }));
    await both(({ messages }) => messages.find({ wamid: `wamid.${id}` }));
    if (idempotencyKey) await both(({ messages }) => messages.find({ tenantId, key: idempotencyKey.key }));
  }
}

function createSteps(both: Both, clock: ManualClock) {
  const messages: Message[] = [];
  const claimed = new Set<string>();
  /** The lines that each store holds. A line on which nothing is left may still be held. */
  const held = new Map<object, readonly LineRef[]>();
  let forgotten = 0;

  async function step(one: Step): Promise<unknown> {
    switch (one.kind) {
      case "advance":
        return clock.advance(one.ms);
      case "accept": {
        const message = messageOf(one, clock.now());
        const answer = await both((subject) => subject.messages.accept(message, exampleEvents(undefined, message)));
        return answer?.kind === "New" && messages.push(message);
      }
      case "commit": {
        const index = one.message % Math.max(messages.length, 1);
        const message = messages[index];
        if (!message) return;
        const next = changed(one.isStale ? { ...message, revision: message.revision - 1 } : message, one.change);
        const outbox = [...exampleEntries(message, next), ...exampleEvents(message, next)];
        const answer = await both((subject) => subject.messages.commit({ next, outbox }));
        if (answer) messages[index] = answer.message;
        return;
      }
      case "work": {
        await both(({ queue }) =>
          queue.claim(100).andThen((lines) => {
            const all = sorted(nameOf)([...(held.get(queue) ?? []), ...lines]);
            held.set(queue, all);
            return queue.heads(all, one.each).map((heads) => heads.map(({ id }) => id));
          }),
        );
        if (one.keeps) return;
        await both(({ queue }) => queue.release(held.get(queue) ?? []));
        return held.clear();
      }
      case "claim": {
        const options = { limit: 100, leaseMs: 30_000 };
        const entries = await both(({ outbox }) => outbox.claim(one.topic, options).map(sorted(({ id }) => id)));
        for (const { id } of entries ?? []) claimed.add(id);
        return;
      }
      case "settle": {
        const id = [...claimed][one.entry % Math.max(claimed.size, 1)];
        if (id === undefined) return;
        const retryAt = new Date(exampleTime.getTime() + Number(one.as));
        const as = typeof one.as === "number" ? { retryAt, untried: one.isUntried } : one.as;
        return both(({ outbox }) => outbox.settle([id], as, one.why));
      }
      case "revive":
        return both(({ outbox }) => outbox.revive(one.topic));
      case "revive one":
      case "hasten": {
        const message = messages[one.message % Math.max(messages.length, 1)];
        if (!message) return;
        return one.kind === "hasten"
          ? both(({ outbox }) => outbox.hasten(message.id))
          : both(({ outbox }) => outbox.revive(one.topic, message.id));
      }
      case "discard":
        return both(({ outbox }) => outbox.discard(one.topic));
      case "request":
        return both(({ quotaLedger }) =>
          quotaLedger.request({ id: `request-${one.request}`, tenantId: "tenant-0", amount: 9, ttlMs: 60_000 }),
        );
      case "withdraw":
        return both(({ quotaLedger }) => quotaLedger.withdraw(`request-${one.request}`));
      case "open":
        return both(({ quotaLedger }) => quotaLedger.open(blockOf(one), `request-${one.request}`));
      case "close":
        return both(({ quotaLedger }) => quotaLedger.close(blockOf(one)));
      case "take": {
        const { request, startsAt, limit, amount } = one;
        const asked = { tenantId: `tenant-${request % 2}`, period: "day", startsAt: new Date(startsAt), limit, amount };
        return both(({ quotaCounters }) => quotaCounters.take({ ...asked, id: anew(request) }));
      }
      case "settleUnits":
        return both(({ quotaCounters }) => quotaCounters.settle(anew(one.request), one.used));
      case "park":
        return both(({ parkedStatuses }) => parkedStatuses.park([updateOf(one), updateOf(one)]));
      case "drop":
        return both(({ parkedStatuses }) => parkedStatuses.drop([updateOf(one)]));
      case "webhook": {
        const webhook = exampleWebhook({ id: anew(one.webhook), receivedAt: clock.now(), body: one.body });
        return both(({ webhookInbox }) => webhookInbox.add([webhook, webhook], one.forward));
      }
      case "note": {
        const fact = { kind: one.said, phoneNumberId: "109876543210987", recipient: "+628123456789" };
        const facts = one.ages.map((ms) => ({ ...fact, at: new Date(clock.now().getTime() - ms) }));
        return both(({ recipients }) => recipients.note(facts));
      }
      case "forget": {
        forgotten += 1;
        const { ages } = one;
        const before = (ms: number) => new Date(clock.now().getTime() - ms);
        const limits = {
          keys: before(ages.keys),
          messages: before(ages.messages),
          parkedStatuses: before(ages.parkedStatuses),
          webhooks: before(ages.webhooks),
          recipients: before(ages.recipients),
          outboxEntries: before(ages.webhooks),
        };
        return both(({ retention }) => retention.forget(limits, 100));
      }
    }
  }

  /** A name that is not used again once it may have been forgotten. */
  function anew(number: number): string {
    return `${forgotten}-${number}`;
  }

  function updateOf({ message, status }: Extract<Step, { kind: "park" | "drop" }>) {
    return exampleStatusUpdate({ wamid: `wamid.${messages[message]?.id}`, status });
  }

  return { step, messages };
}

function messageOf(one: Extract<Step, { kind: "accept" }>, acceptedAt: Date): Message {
  return exampleMessage({
    tenantId: `tenant-${one.tenant}`,
    outletId: `outlet-${one.outlet}`,
    to: `+62812345${one.recipient}`,
    conversationId: `conversation-${one.conversation}`,
    quotaBlockId: `block-${one.block}`,
    mode: one.mode,
    body: one.body,
    acceptedAt,
    ...(one.key !== null && { key: { key: `key-${one.key}`, fingerprint: `f${one.fingerprint}` } }),
  });
}

function blockOf({ block }: Extract<Step, { kind: "open" | "close" }>) {
  return { id: `block-${block}`, tenantId: "tenant-0", granted: 9, expiresAt: exampleTime };
}

function nameOf({ tenantId, outletId }: LineRef): string {
  return `${tenantId} ${outletId}`;
}

function sorted<T>(nameOf: (one: T) => string): (all: readonly T[]) => T[] {
  return (all) => all.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
