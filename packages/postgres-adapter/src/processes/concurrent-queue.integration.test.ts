import type { Message } from "@message-sender/core";
import { exampleMessage, withIntent } from "@message-sender/core/contracts";
import { createSystemClock } from "@message-sender/core/node";
import { describe, expect, it, onTestFinished } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { clock, openTwo } from "../../test/stores.ts";
import { openPostgresStore, type PostgresStore } from "../index.ts";

const postgres = usePostgres();
const hourMs = 3_600_000;

describe("two processes on one database", () => {
  it("agree on what is due although the wall clocks of two are an hour off", async () => {
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
      await expect.poll(async () => (await due()).toSorted()).toEqual(soon.toSorted());
    }
  });

  it("see the same messages due in the queue, and one of them begins each", async () => {
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
});
