import type { Message } from "@message-sender/core";
import type { HistoryEntry, NewOutboxEntry } from "@message-sender/core/adapter";
import { exampleEntry, exampleMessage, withIntent } from "@message-sender/core/contracts";
import { describe, expect, it } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { useProcesses } from "../../test/stores.ts";
import type { PostgresStore } from "../index.ts";

const postgres = usePostgres();
const { openTwo } = useProcesses(postgres);
const options = { limit: 40, leaseMs: 30_000 };

/** A commit of the message at its next revision, with its entry for the history. */
function nextOf(message: Message): { readonly next: Message; readonly outbox: readonly NewOutboxEntry[] } {
  const { conversationId } = message.request;
  const next = { ...message, revision: message.revision + 1 };
  const entry = { ...exampleEntry({ conversationId }), messageId: message.id, version: next.revision };
  return { next, outbox: [{ topic: "history", entry }] };
}

/** Accepts messages of a few conversations. */
async function acceptAll({ messages }: PostgresStore, count: number, conversations: number): Promise<Message[]> {
  const all = Array.from({ length: count }, (_, index) =>
    withIntent(exampleMessage({ conversationId: `conversation-${index % conversations}` })),
  );
  await Promise.all(all.map(async (message) => (await messages.accept(message))._unsafeUnwrap()));
  return all;
}

/** Claims and settles until nothing is left and `isOver`. */
async function deliver({ outbox }: PostgresStore, isOver: () => boolean, delivered: HistoryEntry[]): Promise<void> {
  for (;;) {
    const wasOver = isOver();
    const claimed = (await outbox.claim("history", options))._unsafeUnwrap();
    delivered.push(...claimed.map(({ entry }) => entry));
    // In reverse order.
    const ids = claimed.map(({ id }) => id).toReversed();
    (await outbox.settle(ids, "delivered"))._unsafeUnwrap();
    if (wasOver && claimed.length === 0) return;
  }
}

const deadlocks = () => postgres.query("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");

describe("batches of two processes that overlap", () => {
  it("apply each revision once, deliver each in order, and do not deadlock", async () => {
    const { first, second } = await openTwo();
    const rounds = 8;
    const before = await deadlocks();
    let current = await acceptAll(first, 240, 30);
    const delivered: HistoryEntry[] = [];
    let isOver = false;
    const commit = ({ messages }: PostgresStore, all: readonly Message[]) =>
      Promise.all(all.map(async (message) => (await messages.commit(nextOf(message)))._unsafeUnwrap()));
    const committing = (async () => {
      for (let round = 0; round < rounds; round += 1) {
        const [ours, theirs] = await Promise.all([commit(first, current), commit(second, current.toReversed())]);
        expect(theirs.toReversed().map(({ applied }) => !applied)).toEqual(ours.map(({ applied }) => applied));
        expect(theirs.toReversed().map(({ message }) => message)).toEqual(ours.map(({ message }) => message));
        current = ours.map(({ message }) => message);
      }
    })().finally(() => (isOver = true));
    await Promise.all([
      committing,
      ...[first, second, first, second].map((one) => deliver(one, () => isOver, delivered)),
    ]);

    for (const { id, revision } of current) {
      const versions = delivered.filter(({ messageId }) => messageId === id).map(({ version }) => version);
      expect(versions).toEqual(Array.from({ length: rounds }, (_, index) => revision - rounds + 1 + index));
    }
    expect(await deadlocks()).toEqual(before);
  });

  it("settle each entry once when both settle the same", async () => {
    const { first, second, schema } = await openTwo();
    const all = await acceptAll(first, 300, 100);
    await Promise.all(all.map((message) => first.messages.commit(nextOf(message))));
    const before = await deadlocks();
    const claim = async () => (await first.outbox.claim("history", { ...options, limit: 100 }))._unsafeUnwrap();
    for (let left = 3; left > 0; left -= 1) {
      const ids = (await claim()).map(({ id }) => id);
      expect(ids).toHaveLength(100);
      const settled = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          index % 2 ? first.outbox.settle(ids, "delivered") : second.outbox.settle(ids.toReversed(), "dead"),
        ),
      );
      for (const one of settled) one._unsafeUnwrap();
    }
    expect(await claim()).toEqual([]);
    expect(await postgres.query(`SELECT FROM ${schema}.outbox_queues`)).toEqual([]);
    expect(await deadlocks()).toEqual(before);
  });
});

describe("facts about recipients", () => {
  it("are recorded by two processes at once, the latest of each kind, without a deadlock", async () => {
    const { first, second } = await openTwo();
    const before = await deadlocks();
    const names = Array.from({ length: 200 }, (_, index) => `+62812345${index}`);
    const note = async ({ recipients }: PostgresStore, seconds: number, people: readonly string[]) => {
      const at = new Date(1000 * seconds);
      const facts = people.map((recipient) => ({ kind: "Wrote" as const, phoneNumberId: "1", recipient, at }));
      // A busy machine may exceed a time limit of the store. Noting the same facts again changes nothing.
      while ((await recipients.note(facts)).isErr());
    };
    const rounds = Array.from({ length: 40 }, (_, round) => round);
    await Promise.all(
      rounds.flatMap((round) => [
        note(first, 2 * round, names.slice(round)),
        note(second, 2 * round + 1, names.slice(0, 200 - round).toReversed()),
      ]),
    );
    for (const [index, name] of names.entries()) {
      const round = Math.min(39, 199 - index);
      const theirs = Math.max(2 * Math.min(39, index), 2 * round + 1);
      const found = (await first.recipients.find("1", name))._unsafeUnwrap();
      expect(found).toEqual({ wroteAt: new Date(1000 * theirs) });
    }
    expect(await deadlocks()).toEqual(before);
  });
});

describe("a batch", () => {
  it("keeps the order of its entries within each conversation", async () => {
    const { first } = await openTwo();
    const all = (await acceptAll(first, 300, 3)).toReversed();
    await Promise.all(all.map((message) => first.messages.commit(nextOf(message))));
    const delivered: HistoryEntry[] = [];
    await deliver(first, () => true, delivered);
    for (const name of ["conversation-0", "conversation-1", "conversation-2"]) {
      const given = all.filter(({ request }) => request.conversationId === name).map(({ id }) => id);
      const told = delivered.filter(({ conversationId }) => conversationId === name);
      expect(told.map(({ messageId }) => messageId)).toEqual(given);
    }
  });

  it("settles the entries of a queue in order, and none behind one that stays", async () => {
    const { first, schema } = await openTwo();
    const all = await acceptAll(first, 4, 1);
    await Promise.all(all.map((message) => first.messages.commit(nextOf(message))));
    const [one, two, three, four] = all.map(({ id, revision }) => `${id}:${revision + 1}`);
    (await first.outbox.settle([four, two, one] as string[], "delivered"))._unsafeUnwrap();
    expect(await postgres.query(`SELECT id FROM ${schema}.outbox ORDER BY sequence`)).toEqual([
      { id: three },
      { id: four },
    ]);
    expect((await first.outbox.claim("history", options))._unsafeUnwrap().map(({ id }) => id)).toEqual([three]);
  });
});
