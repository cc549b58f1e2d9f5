import type { HistoryEntry, Message } from "@message-sender/core";
import {
  exampleEntries,
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  withIntent,
  withOutcome,
} from "@message-sender/core/contracts";
import { describe, expect, it } from "vitest";

import { usePostgres } from "../test/postgres.ts";
import { clock, openStore, overdueIds } from "../test/stores.ts";
import type { PostgresStore } from "./index.ts";

const postgres = usePostgres();

async function openTwo(): Promise<{ first: PostgresStore; second: PostgresStore; schema: string }> {
  const schema = postgres.freshSchema();
  const [first, second] = await Promise.all([openStore(postgres.url, schema), openStore(postgres.url, schema)]);
  return { first, second, schema };
}

async function send({ messages }: PostgresStore, conversationId: string): Promise<void> {
  const intended = withIntent(exampleMessage({ conversationId }));
  const sent = withOutcome(intended, exampleOutcomes.Accepted);
  (await messages.accept(intended))._unsafeUnwrap();
  (await messages.commit({ next: sent, outbox: exampleEntries(intended, sent) }))._unsafeUnwrap();
}

describe("two processes on one database", () => {
  it("make one message of 100 that come at once with one key", async () => {
    const { first, second } = await openTwo();
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
    const { first, second } = await openTwo();
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

  it("apply one of two commits on each revision, in whatever order", async () => {
    const { first, second } = await openTwo();
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
    const { first, second } = await openTwo();
    const conversations = Array.from({ length: 40 }, (_, index) => `conversation-${index}`);
    await Promise.all(
      [...conversations, ...conversations].map((name, index) => send(index % 2 ? first : second, name)),
    );
    const claims = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const { outbox } = index % 2 ? first : second;
        return (await outbox.claim({ limit: 3, leaseMs: 30_000 }))._unsafeUnwrap();
      }),
    );
    const claimed = claims.flat().map(({ entry }) => entry.conversationId);
    expect(claimed.toSorted()).toEqual(conversations.toSorted());
  });

  it("hand out all entries of a conversation in order while both add and deliver", async () => {
    const { first, second } = await openTwo();
    const delivered: HistoryEntry[] = [];
    let isSending = true;
    const deliver = async ({ outbox }: PostgresStore): Promise<void> => {
      for (;;) {
        const wasSending = isSending;
        const claimed = (await outbox.claim({ limit: 10, leaseMs: 30_000 }))._unsafeUnwrap();
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
    (await before.quotaLedger.open(block))._unsafeUnwrap();
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
    expect((await after.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([{ block, used: 2 }]);
    expect((await after.outbox.claim({ limit: 9, leaseMs: 1000 }))._unsafeUnwrap()).toHaveLength(1);
  });
});

describe("what a process leaves behind", () => {
  it("is overdue for the others at once when it said goodbye", async () => {
    const { first, second } = await openTwo();
    const message = exampleMessage();
    (await first.messages.accept(message))._unsafeUnwrap();
    await send(first, "conversation-1");
    expect(await overdueIds(first.messages)).toEqual([]);
    expect(await overdueIds(second.messages)).toEqual([]);
    await first.close();
    expect(await overdueIds(second.messages)).toEqual([message.id]);
  });

  it("is overdue after 45 seconds of silence, and belongs to whoever commits it then", async () => {
    const { first, second, schema } = await openTwo();
    const third = await openStore(postgres.url, schema);
    const message = exampleMessage({ key: { key: "k", fingerprint: "f" } });
    const block = { id: "block-1", tenantId: "tenant-1", granted: 5, expiresAt: clock.now() };
    (await first.messages.accept(message))._unsafeUnwrap();
    (await first.quotaLedger.open(block))._unsafeUnwrap();
    const silentFor = (seconds: number) =>
      postgres.query(
        `UPDATE ${schema}.processes SET heartbeat_at = now() - make_interval(secs => $1)
           WHERE id = (SELECT owner FROM ${schema}.messages WHERE id = $2)`,
        [seconds, message.id],
      );

    await silentFor(44);
    expect(await overdueIds(second.messages)).toEqual([]);
    expect((await second.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([]);
    await silentFor(46);
    expect(await overdueIds(first.messages)).toEqual([]);
    expect(await overdueIds(second.messages)).toEqual([message.id]);
    expect((await second.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([{ block, used: 1 }]);

    (await second.messages.commit({ next: withIntent(message) }))._unsafeUnwrap();
    expect(await overdueIds(second.messages)).toEqual([]);
    expect(await overdueIds(third.messages)).toEqual([]);
  });
});
