import type { HistoryEntry, Message } from "@message-sender/core";
import {
  exampleMessage,
  exampleOutcomes,
  exampleOutlet,
  exampleTime,
  exampleWebhook,
  withIntent,
  withOutcome,
} from "@message-sender/core/contracts";
import { createSystemClock } from "@message-sender/core/node";
import pg from "pg";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { clock, openStore, openTwo, send } from "../../test/stores.ts";
import { openPostgresStore, type PostgresStore } from "../index.ts";

const postgres = usePostgres();
const hourMs = 3_600_000;

describe("two processes on one database", () => {
  it("make one message of 100 that come at once with one key", async () => {
    const { first, second } = await openTwo(postgres);
    const key = { key: "order-42", fingerprint: "f1" };
    const arriving = Array.from({ length: 100 }, () => exampleMessage({ key }));
    const answers = await Promise.all(
      arriving.map(async (message, index) =>
        (await (index % 2 ? first : second).messages.accept(message))._unsafeUnwrap(),
      ),
    );
    expect(answers.filter(({ kind }) => kind === "New")).toHaveLength(1);
    const winner = arriving[answers.findIndex(({ kind }) => kind === "New")];
    for (const answer of answers) {
      if (answer.kind !== "New") expect(answer).toMatchObject({ kind: "Known", message: { id: winner?.id } });
    }
  });

  it("accept many keys that arrive in different orders, without a deadlock", async () => {
    const { first, second } = await openTwo(postgres);
    const count = 2000;
    const keys = Array.from({ length: count }, (_, index) => ({ key: `order-${index}`, fingerprint: "f1" }));
    const otherwise = [0, 500, 1000, 1500].flatMap((from) => keys.slice(from, from + 500).toReversed());
    const connect = async ({ messages }: PostgresStore): Promise<void> =>
      void (await Promise.all(Array.from({ length: 4 }, () => messages.find({ id: "none" }))));
    await Promise.all([connect(first), connect(second)]);
    const accept = ({ messages }: PostgresStore, order: typeof keys) =>
      order.map(async (key) => (await messages.accept(exampleMessage({ key })))._unsafeUnwrap().kind);
    const deadlocks = () => postgres.query("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    const before = await deadlocks();
    const kinds = await Promise.all([...accept(first, keys), ...accept(second, otherwise)]);
    expect(kinds.filter((kind) => kind === "New")).toHaveLength(count);
    expect(kinds.filter((kind) => kind === "Known")).toHaveLength(count);
    expect(await deadlocks()).toEqual(before);
  });

  it("agree on what is due, where the clock of one is an hour off", async () => {
    const schema = postgres.freshSchema();
    const openAt = async (aheadMs: number): Promise<PostgresStore> => {
      const off = { ...createSystemClock(), now: () => new Date(Date.now() + aheadMs) };
      const store = (await openPostgresStore(postgres.url, { clock: off, schema }))._unsafeUnwrap();
      onTestFinished(store.close);
      return store;
    };
    const stores = [await openAt(0), await openAt(hourMs), await openAt(-hourMs)];
    const accept = async ({ messages }: PostgresStore, aheadMs: number, waitMs: number): Promise<string> => {
      const message = exampleMessage({ mode: "queued", acceptedAt: new Date(Date.now() + aheadMs) });
      const policy = { ...message.policy, scheduleMs: [waitMs] };
      (await messages.accept({ ...message, policy }))._unsafeUnwrap();
      return message.id;
    };
    const soon: string[] = [];
    for (const [index, aheadMs] of [0, hourMs, -hourMs].entries()) {
      const store = stores[index] as PostgresStore;
      soon.push(await accept(store, aheadMs, 1));
      await accept(store, aheadMs, 600_000);
    }
    for (const { messages } of stores) {
      const due = async () => (await messages.due(10))._unsafeUnwrap().map(({ id }) => id);
      await expect.poll(async () => (await due()).toSorted(), { timeout: 20_000 }).toEqual(soon.toSorted());
    }
  });

  it("apply one of two commits on each revision, in whatever order", async () => {
    const { first, second } = await openTwo(postgres);
    const intended = Array.from({ length: 200 }, () => withIntent(exampleMessage()));
    await Promise.all(intended.map((message) => first.messages.accept(message)));
    const commit =
      ({ messages }: PostgresStore, wamid: string) =>
      async (message: Message) =>
        (
          await messages.commit({
            next: withOutcome(message, { ...exampleOutcomes.Accepted, wamid: wamid + message.id }),
          })
        )._unsafeUnwrap();
    const [ours, theirs] = await Promise.all([
      Promise.all(intended.map(commit(first, "1."))),
      Promise.all(intended.toReversed().map(commit(second, "2."))),
    ]);
    for (const [index, one] of ours.entries()) {
      const other = theirs[intended.length - 1 - index];
      expect(one.applied).toBe(!other?.applied);
      expect(one.message).toEqual(other?.message);
    }
  });

  it("claim different entries, and never two of one conversation", async () => {
    const { first, second } = await openTwo(postgres);
    const conversations = Array.from({ length: 40 }, (_, index) => `conversation-${index}`);
    await Promise.all(
      [...conversations, ...conversations].map((name, index) => send(index % 2 ? first : second, name)),
    );
    const claims = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const { outbox } = index % 2 ? first : second;
        return (await outbox.claim("history", { limit: 3, leaseMs: 30_000 }))._unsafeUnwrap();
      }),
    );
    const claimed = claims.flat().map(({ entry }) => entry.conversationId);
    expect(claimed.toSorted()).toEqual(conversations.toSorted());
  });

  it("hand out all entries of a conversation in order while both add and deliver", async () => {
    const { first, second } = await openTwo(postgres);
    const delivered: HistoryEntry[] = [];
    let isSending = true;
    const deliver = async ({ outbox }: PostgresStore): Promise<void> => {
      for (;;) {
        const wasSending = isSending;
        const claimed = (await outbox.claim("history", { limit: 10, leaseMs: 30_000 }))._unsafeUnwrap();
        delivered.push(...claimed.map(({ entry }) => entry));
        const ids = claimed.map(({ id }) => id);
        (await outbox.settle(ids, "delivered"))._unsafeUnwrap();
        if (!wasSending && claimed.length === 0) return;
      }
    };
    const sending = Promise.all(
      Array.from({ length: 200 }, (_, index) => send(index % 2 ? first : second, `conversation-${index % 5}`)),
    ).then(() => (isSending = false));
    await Promise.all([sending, deliver(first), deliver(second)]);
    expect(new Set(delivered.map(({ messageId }) => messageId)).size).toBe(200);
    expect(delivered).toHaveLength(200);
  });

  it("keep everything when the store is opened again", async () => {
    const schema = postgres.freshSchema();
    const before = await openStore(postgres.url, schema);
    const message = withIntent(exampleMessage({ key: { key: "k", fingerprint: "f" } }));
    const block = { id: "block-1", tenantId: "tenant-1", granted: 5, expiresAt: exampleTime };
    (await before.quotaLedger.open(block, "request-1"))._unsafeUnwrap();
    (await before.messages.accept(message))._unsafeUnwrap();
    await send(before, "conversation-1");
    await before.close();
    expect((await before.messages.find({ id: message.id }))._unsafeUnwrapErr().kind).toBe("Unavailable");

    const after = await openStore(postgres.url, schema);
    expect((await after.messages.find({ id: message.id }))._unsafeUnwrap()).toEqual(message);
    expect(
      (await after.messages.accept(exampleMessage({ key: { key: "k", fingerprint: "f" } })))._unsafeUnwrap(),
    ).toEqual({
      kind: "Known",
      message,
    });
    expect((await after.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([{ block, used: 2, unfinished: 1 }]);
    expect((await after.outbox.claim("history", { limit: 9, leaseMs: 1000 }))._unsafeUnwrap()).toHaveLength(1);
  });

  it("see the same messages due in the queue, and each is begun by one", async () => {
    const { first, second } = await openTwo(postgres);
    const queued = Array.from({ length: 50 }, () => exampleMessage({ mode: "queued", acceptedAt: clock.now() }));
    await Promise.all(queued.map((message, index) => (index % 2 ? first : second).messages.accept(message)));
    const due = async ({ messages }: PostgresStore) => (await messages.due(100))._unsafeUnwrap();
    const [ours, theirs] = [await due(first), await due(second)];
    expect(new Set(ours)).toEqual(new Set(queued));
    expect(theirs).toEqual(ours);
    const begin = ({ messages }: PostgresStore, ofThese: readonly Message[]) =>
      Promise.all(
        ofThese.map(async (message) => (await messages.commit({ next: withIntent(message) }))._unsafeUnwrap().applied),
      );
    const begun = await Promise.all([begin(first, ours), begin(second, theirs.toReversed())]);
    expect(begun.flat().filter((applied) => applied)).toHaveLength(50);
    expect(begun[0]).toEqual(begun[1].toReversed().map((applied) => !applied));
    expect([await due(first), await due(second)]).toEqual([[], []]);
  });

  it("take no more than a limit together, with 100 requests at once", async () => {
    const { first, second } = await openTwo(postgres);
    const take = async ({ quotaCounters }: PostgresStore, id: string) =>
      (
        await quotaCounters.take({ id, tenantId: "t", period: "day", startsAt: exampleTime, limit: 101, amount: 3 })
      )._unsafeUnwrap().granted;
    const granted = await Promise.all(
      Array.from({ length: 100 }, (_, index) => take(index % 2 ? first : second, `request-${index}`)),
    );
    expect(granted.reduce((sum, units) => sum + units)).toBe(101);
    expect(granted.filter((units) => units === 3)).toHaveLength(33);
  });

  it("take once what both ask for under one id", async () => {
    const { first, second } = await openTwo(postgres);
    const request = { id: "request-1", tenantId: "t", period: "day", startsAt: exampleTime, limit: 100, amount: 3 };
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 ? first : second).quotaCounters.take(request)),
    );
    for (const answer of answers) expect(answer._unsafeUnwrap()).toEqual({ granted: 3, startsAt: exampleTime });
    const rest = await first.quotaCounters.take({ ...request, id: "request-2", amount: 100 });
    expect(rest._unsafeUnwrap().granted).toBe(97);
  });

  it("lose no unit that both give back while others take", async () => {
    const { first, second } = await openTwo(postgres);
    const request = { tenantId: "t", period: "day", startsAt: exampleTime, limit: Number.MAX_SAFE_INTEGER };
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const id = `request-${index}`;
        (await first.quotaCounters.take({ ...request, id, amount: 10 }))._unsafeUnwrap();
        const settle = async (used: number) =>
          (await (used % 2 ? first : second).quotaCounters.settle(id, used))._unsafeUnwrap();
        await Promise.all([9, 8, 7, 6, 5, 4, 3, 2].map(settle));
        await settle(1);
      }),
    );
    const rest = await first.quotaCounters.take({ ...request, id: "rest", amount: Number.MAX_SAFE_INTEGER });
    expect(rest._unsafeUnwrap().granted).toBe(Number.MAX_SAFE_INTEGER - 20);
  });

  it("keep a webhook once, and hand it on once, that both receive", async () => {
    const { first, second } = await openTwo(postgres);
    const webhooks = Array.from({ length: 100 }, () => exampleWebhook());
    await Promise.all([first.inbox.add(webhooks, true), second.inbox.add(webhooks.toReversed(), true)]);
    expect((await first.inbox.latest(200))._unsafeUnwrap()).toHaveLength(100);
    const options = { limit: 200, leaseMs: 1000 };
    expect((await second.outbox.claim("webhook", options))._unsafeUnwrap()).toHaveLength(100);
  });

  it("forget together what is old, each thing once, while new messages come", async () => {
    const { first, second } = await openTwo(postgres);
    const keys = Array.from({ length: 100 }, (_, index) => ({ key: `order-${index}`, fingerprint: "f" }));
    const conclusion = { as: "exhausted", at: exampleTime } as const;
    const old = keys.map((key) => ({ ...exampleMessage({ key }), conclusion }));
    await Promise.all(old.map((message) => first.messages.accept(message)));
    await Promise.all([first, second].map(({ inbox }) => inbox.add([exampleWebhook()], false)));
    const now = new Date(exampleTime.getTime() + 1);
    const before = { keys: now, messages: now, parkedStatuses: now, webhooks: now, recipients: now };
    const forget = async ({ retention }: PostgresStore): Promise<number> => {
      for (let sum = 0; ;) {
        const forgotten = (await retention.forget(before, 7))._unsafeUnwrap();
        if (forgotten === 0) return sum;
        sum += forgotten;
      }
    };
    const fresh = keys.map((key) => exampleMessage({ key, acceptedAt: now }));
    const [ours, theirs, answers] = await Promise.all([
      forget(first),
      forget(second),
      Promise.all(fresh.map(async (message) => (await first.messages.accept(message))._unsafeUnwrap())),
    ]);
    const purged = ours + theirs - old.length - 2;
    expect(purged).toBeGreaterThanOrEqual(0);
    expect(purged).toBeLessThanOrEqual(keys.length);
    for (const [index, { kind }] of answers.entries()) {
      const stored = (
        await first.messages.find({ tenantId: exampleOutlet.tenantId, key: `order-${index}` })
      )._unsafeUnwrap();
      expect(stored).toEqual(kind === "New" ? fresh[index] : undefined);
    }
    expect(await forget(first)).toBe(0);
    for (const { id } of old) expect((await second.messages.find({ id }))._unsafeUnwrap()).toBeUndefined();
  });

  it("leave a message that one changes while the other is to forget it", async () => {
    const { first, second, schema } = await openTwo(postgres);
    const message = { ...exampleMessage(), conclusion: { as: "exhausted" as const, at: exampleTime } };
    (await first.messages.accept(message))._unsafeUnwrap();
    const changing = new pg.Client(postgres.url);
    onTestFinished(() => changing.end());
    await changing.connect();
    await changing.query("BEGIN");
    await changing.query(`UPDATE ${schema}.messages SET revision = revision + 1`);
    const at = new Date(exampleTime.getTime() + 1);
    const forgetting = second.retention.forget(
      { keys: at, messages: at, parkedStatuses: at, webhooks: at, recipients: at },
      9,
    );
    const isWaiting = async () =>
      (await postgres.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'forget'")).length;
    await vi.waitUntil(isWaiting, { timeout: 10_000 });
    await changing.query("COMMIT");
    expect((await forgetting)._unsafeUnwrap()).toBe(0);
    expect((await first.messages.find({ id: message.id }))._unsafeUnwrap()).toEqual(message);
  });
});
