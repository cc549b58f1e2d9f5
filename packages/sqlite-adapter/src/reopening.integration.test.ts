import type { QuotaRequest, ReceivedWebhook, StatusUpdate } from "@message-sender/core/adapter";
import {
  due,
  exampleEntries,
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  oddText,
  withIntent,
  withOutcome,
  withReport,
} from "@message-sender/core/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type StoreFile, storeFile, valueOf } from "../test/store-file.ts";
import { openStoreInThisThread } from "../test/store-in-this-thread.ts";
import type { SqliteStore } from "./store.ts";

describe("a store that is opened again", () => {
  let file: StoreFile;

  beforeEach(() => {
    file = storeFile(openStoreInThisThread);
  });

  afterEach(() => file.remove());

  it("has every document, key and WhatsApp id", async () => {
    const first = await file.open();
    const key = { key: "order-42", fingerprint: "f1" };
    const intended = withIntent(exampleMessage({ body: oddText, key }));
    const sent = withOutcome(intended, exampleOutcomes.Accepted);
    await valueOf(first.messages.accept(intended));
    await valueOf(first.messages.commit({ next: sent }));
    const { messages } = await reopen(file, first);
    for (const by of [
      { id: sent.id },
      { wamid: exampleOutcomes.Accepted.wamid },
      { tenantId: "tenant-1", key: key.key },
    ]) {
      expect(await valueOf(messages.find(by))).toEqual(sent);
    }
    expect(await valueOf(messages.accept(exampleMessage({ key })))).toEqual({ kind: "Known", message: sent });
  });

  it.each([-3_600_000, 0])("after the clock was set by %i ms, has postponed messages due on time", async (stepMs) => {
    const first = await file.open();
    const intended = withIntent(exampleMessage());
    const sent = withOutcome(intended, exampleOutcomes.Accepted);
    await valueOf(first.messages.accept(intended));
    await valueOf(first.messages.commit({ next: sent, outbox: exampleEntries(intended, sent) }));
    const [claimed] = await valueOf(first.outbox.claim("history", { limit: 1, leaseMs: 30_000 }));
    const retryAt = new Date(file.clock.now().getTime() + 5000);
    await valueOf(first.outbox.settle([claimed?.id ?? ""], { retryAt }));
    const queued = exampleMessage({ mode: "queued", acceptedAt: file.clock.now() });
    const waiting = { ...queued, policy: { ...queued.policy, scheduleMs: [5000] } };
    await valueOf(first.messages.accept(waiting));

    file.clock.stepWall(stepMs);
    const { outbox, queue } = await reopen(file, first);
    await file.clock.advance(4999);
    expect(await valueOf(outbox.claim("history", { limit: 1, leaseMs: 30_000 }))).toEqual([]);
    expect(await due({ queue })).toEqual([]);
    await file.clock.advance(1);
    expect(await valueOf(outbox.claim("history", { limit: 1, leaseMs: 30_000 }))).toMatchObject([{ id: claimed?.id }]);
    expect(await due({ queue })).toEqual([waiting]);
  });

  it("has its outbox; entries that the earlier opening had claimed are due at once", async () => {
    const first = await file.open();
    const ids: string[] = [];
    for (const conversationId of ["claimed", "postponed", "dead", "untouched"]) {
      const intended = withIntent(exampleMessage({ conversationId }));
      const sent = withOutcome(intended, exampleOutcomes.Accepted);
      await valueOf(first.messages.accept(intended));
      await valueOf(first.messages.commit({ next: sent, outbox: exampleEntries(intended, sent) }));
      if (conversationId !== "untouched") await valueOf(first.outbox.claim("history", { limit: 1, leaseMs: 30_000 }));
      ids.push(`${sent.id}:${sent.version}`);
    }
    const [claimed = "", postponed = "", dead = "", untouched = ""] = ids;
    await valueOf(first.outbox.settle([postponed], { retryAt: new Date(file.clock.now().getTime() + 60_000) }));
    await valueOf(first.outbox.settle([dead], "dead"));
    const { outbox } = await reopen(file, first);
    const again = await valueOf(outbox.claim("history", { limit: 10, leaseMs: 30_000 }));
    expect(again.map(({ id, earlierClaims }) => [id, earlierClaims])).toEqual([
      [claimed, 1],
      [untouched, 0],
    ]);
    await file.clock.advance(60_000);
    await valueOf(outbox.settle([claimed, untouched], "delivered"));
    const later = await valueOf(outbox.claim("history", { limit: 10, leaseMs: 30_000 }));
    expect(later.map(({ id }) => id)).toEqual([postponed]);
    expect(await valueOf(outbox.revive("history"))).toBe(1);
    const revived = await valueOf(outbox.claim("history", { limit: 10, leaseMs: 30_000 }));
    expect(revived.map(({ id, earlierClaims }) => [id, earlierClaims])).toEqual([[dead, 0]]);
  });

  it("claims an entry again at once that had entered claimed, and counts that claim", async () => {
    const first = await file.open();
    const intended = withIntent(exampleMessage());
    const sent = withOutcome(intended, exampleOutcomes.Accepted);
    const outbox = exampleEntries(intended, sent).map((entry) => ({ ...entry, leaseMs: 30_000 }));
    await valueOf(first.messages.accept(intended));
    const { claimed = [] } = await valueOf(first.messages.commit({ next: sent, outbox }));
    expect(claimed).toMatchObject([{ earlierClaims: 0 }]);
    const again = await reopen(file, first);
    expect(await valueOf(again.outbox.claim("history", { limit: 1, leaseMs: 30_000 }))).toMatchObject([
      { id: claimed[0]?.id, entry: claimed[0]?.entry, earlierClaims: 1 },
    ]);
  });

  it("has its webhooks, and those to forward", async () => {
    const first = await file.open();
    const [claimed, untouched] = [1, 2].map((number) => ({
      id: `webhook-${number}`,
      receivedAt: new Date(exampleTime.getTime() + number),
      body: `${oddText}\ud800\u0000`,
    })) as [ReceivedWebhook, ReceivedWebhook];
    await valueOf(first.webhookInbox.add([claimed], true));
    await valueOf(first.outbox.claim("webhook", { limit: 1, leaseMs: 30_000 }));
    await valueOf(first.webhookInbox.add([untouched], true));
    const { webhookInbox, outbox } = await reopen(file, first);
    await valueOf(webhookInbox.add([claimed, untouched], true));
    expect((await valueOf(webhookInbox.list({ limit: 10, maxBytes: 1e9 }))).webhooks).toEqual([untouched, claimed]);
    const again = await valueOf(outbox.claim("webhook", { limit: 10, leaseMs: 30_000 }));
    expect(again.map(({ entry, earlierClaims }) => [entry, earlierClaims])).toEqual([
      [claimed, 1],
      [untouched, 0],
    ]);
  });

  it("has its parked statuses, and lists those whose message became known", async () => {
    const first = await file.open();
    const [early, foreign] = ["Accepted", "Foreign"].map((name) => ({
      wamid: name === "Accepted" ? exampleOutcomes.Accepted.wamid : name,
      phoneNumberId: "109876543210987",
      status: "delivered" as const,
      at: exampleTime,
    })) as [StatusUpdate, StatusUpdate];
    await valueOf(first.parkedStatuses.park([early, foreign]));
    const intended = withIntent(exampleMessage());
    await valueOf(first.messages.accept(intended));
    await valueOf(first.messages.commit({ next: withOutcome(intended, exampleOutcomes.Accepted) }));
    const { parkedStatuses } = await reopen(file, first);
    expect(await valueOf(parkedStatuses.matched(10))).toEqual([early]);
  });

  it("has its quota blocks with their used units, and its open requests", async () => {
    const first = await file.open();
    const [asked, granted] = [1, 2].map((number) => ({
      id: `request-${number}`,
      tenantId: "tenant-1",
      amount: Number.MAX_SAFE_INTEGER,
      ttlMs: 60_000,
    })) as [QuotaRequest, QuotaRequest];
    const block = { id: "block-1", tenantId: "tenant-1", granted: Number.MAX_SAFE_INTEGER, expiresAt: exampleTime };
    for (const request of [asked, granted]) await valueOf(first.quotaLedger.request(request));
    await valueOf(first.quotaLedger.open(block, granted.id));
    const sent = withIntent(exampleMessage({ quotaBlockId: block.id }));
    for (const message of [sent, exampleMessage({ quotaBlockId: block.id })]) {
      await valueOf(first.messages.accept(message));
    }
    await valueOf(first.messages.commit({ next: withOutcome(sent, exampleOutcomes.Accepted) }));
    const { quotaLedger } = await reopen(file, first);
    expect(await valueOf(quotaLedger.unsettled())).toEqual([{ block, used: 2, unfinished: 1 }]);
    expect(await valueOf(quotaLedger.requested())).toEqual([asked]);
  });

  it("continues its quota counters, and still knows what each request took", async () => {
    const request = { id: "r1", tenantId: "tenant-1", period: "day", startsAt: exampleTime, limit: 10, amount: 7 };
    const first = await file.open();
    const taken = await valueOf(first.quotaCounters.take(request));
    const { quotaCounters } = await reopen(file, first);
    expect(await valueOf(quotaCounters.take(request))).toEqual(taken);
    await valueOf(quotaCounters.settle(request.id, 4));
    expect(await valueOf(quotaCounters.take({ ...request, id: "r2" }))).toEqual({ granted: 6, startsAt: exampleTime });
  });

  it("lists as overdue a message whose delivery a webhook proved while its attempt was in flight, also after another webhook", async () => {
    const first = await file.open();
    const intended = withIntent(exampleMessage());
    const proved = withReport(intended, "sent");
    await valueOf(first.messages.accept(intended));
    await valueOf(first.messages.commit({ next: proved, isBystander: true }));
    const { messages } = await reopen(file, first);
    const delivered = withReport(proved, "delivered");
    await valueOf(messages.commit({ next: delivered, isBystander: true }));
    expect(await valueOf(messages.overdue(10))).toEqual([delivered]);
    await valueOf(messages.commit({ next: withIntent(delivered) }));
    expect(await valueOf(messages.overdue(10))).toEqual([]);
  });

  it("lists as overdue the unfinished messages of earlier openings, and no others", async () => {
    const first = await file.open();
    const [left, resumed, sent] = [withIntent(exampleMessage()), exampleMessage(), withIntent(exampleMessage())];
    for (const message of [left, resumed, sent]) await valueOf(first.messages.accept(message));
    await valueOf(first.messages.commit({ next: withOutcome(sent, exampleOutcomes.Accepted) }));
    expect(await valueOf(first.messages.overdue(10))).toEqual([]);
    const { messages } = await reopen(file, first);
    await valueOf(messages.accept(exampleMessage()));
    expect(await valueOf(messages.overdue(10))).toEqual([left, resumed]);
    expect(await valueOf(messages.overdue(1))).toEqual([left]);
    await valueOf(messages.commit({ next: withIntent(resumed) }));
    expect(await valueOf(messages.overdue(10))).toEqual([left]);
  });

  it("continues its queue; only what was in flight is overdue", async () => {
    const first = await file.open();
    const waiting = exampleMessage({ mode: "queued", acceptedAt: file.clock.now() });
    const inFlight = withIntent(exampleMessage({ mode: "queued" }));
    for (const message of [waiting, inFlight]) await valueOf(first.messages.accept(message));
    const { messages, queue } = await reopen(file, first);
    expect(await due({ queue })).toEqual([waiting]);
    expect(await valueOf(messages.overdue(10))).toEqual([inFlight]);
  });
});

async function reopen(file: StoreFile, store: SqliteStore): Promise<SqliteStore> {
  await store.close();
  return file.open();
}
