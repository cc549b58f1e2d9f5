import type { Message } from "@message-sender/core";
import type { LineRef } from "@message-sender/core/adapter";
import { due, exampleMessage, exampleOutcomes, withIntent, withOutcome } from "@message-sender/core/contracts";
import { createSystemClock } from "@message-sender/core/node";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { clock, openTwoInNewSchema } from "../../test/stores.ts";
import { openPostgresStore, type PostgresStore } from "../index.ts";

const postgres = usePostgres();
const hourMs = 3_600_000;
const line: LineRef = { tenantId: "tenant-1", outletId: "outlet-1" };

function queued(outletId = line.outletId): Message {
  return exampleMessage({ mode: "queued", outletId, acceptedAt: clock.now() });
}

/** A transaction that stays open until its test ends it, as one of a process that is slow. */
async function openTransaction(schema: string): Promise<pg.Client> {
  const client = new pg.Client(postgres.url);
  onTestFinished(() => client.end());
  await client.connect();
  await client.query(`BEGIN; SET LOCAL search_path = ${schema}`);
  return client;
}

/** Adds a copy of the stored message under another id, and keeps its line, without a commit. */
async function acceptCopy(client: pg.Client, of: Message, id: string): Promise<void> {
  await client.query(
    `INSERT INTO messages OVERRIDING USER VALUE SELECT (jsonb_populate_record(m, jsonb_build_object(
       'id', $2::text, 'document', replace(m.document, $1, $2), 'due_at', m.order_at, 'open', true))).* FROM messages m WHERE m.id = $1`,
    [of.id, id],
  );
  await client.query("SELECT keep_lines(ARRAY[$1], ARRAY[$2], ARRAY[now()])", [line.tenantId, line.outletId]);
}

async function cancel({ messages }: PostgresStore, message: Message): Promise<void> {
  const next: Message = {
    ...message,
    revision: message.revision + 1,
    conclusion: { as: "canceled", at: clock.now() },
  };
  expect((await messages.commit({ next }))._unsafeUnwrap().applied).toBe(true);
}

const waitingForLock = async (statement: string) =>
  (
    await postgres.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ $1`,
      [statement],
    )
  ).length;

/** A process releases its line while another one is about to commit a message of it. Returns the messages that are due then. */
async function releaseDuringAccept(prepare: (schema: string) => Promise<unknown>): Promise<readonly string[]> {
  const { first, second, schema } = await openTwoInNewSchema(postgres);
  await prepare(schema);
  const message = queued();
  (await first.messages.accept(message))._unsafeUnwrap();
  expect((await first.queue.claim(1))._unsafeUnwrap()).toEqual([line]);
  await cancel(first, message);
  const accepting = await openTransaction(schema);
  await acceptCopy(accepting, message, "late");
  const releasing = first.queue.release([line]);
  await expect.poll(() => waitingForLock("release_lines")).toBe(1);
  await accepting.query("COMMIT");
  (await releasing)._unsafeUnwrap();
  return (await due(second)).map(({ id }) => id);
}

describe("a message that is accepted while its line is released", () => {
  it("is due, although the release began before the accept was committed", async () => {
    expect(await releaseDuringAccept(async () => {})).toEqual(["late"]);
  });

  it("would be overlooked by a release of one statement, which has one snapshot", async () => {
    const overlooked = await releaseDuringAccept((schema) =>
      postgres.query(`CREATE OR REPLACE FUNCTION ${schema}.release_lines(process uuid, tenants text[], outlets text[])
        RETURNS void LANGUAGE sql SET search_path = ${schema} AS $$
          WITH locked AS (
            SELECT l.tenant_id, l.outlet_id FROM lines l WHERE l.owner = process AND l.outlet_id = ANY (outlets) FOR UPDATE
          ), released AS (
            SELECT locked.*, (SELECT min(m.due_at) FROM messages m
              WHERE m.tenant_id = locked.tenant_id AND m.outlet_id = locked.outlet_id AND m.due_at IS NOT NULL) AS due_at FROM locked
          ), gone AS (
            DELETE FROM lines l USING released WHERE l.outlet_id = released.outlet_id AND released.due_at IS NULL
          )
          UPDATE lines l SET owner = NULL, due_at = released.due_at FROM released
          WHERE l.outlet_id = released.outlet_id AND released.due_at IS NOT NULL
        $$`),
    );
    expect(overlooked).toEqual([]);
  });

  it("waits for a release that has begun, and makes the line anew", async () => {
    const { first, second, schema } = await openTwoInNewSchema(postgres);
    const message = queued();
    (await first.messages.accept(message))._unsafeUnwrap();
    (await first.queue.claim(1))._unsafeUnwrap();
    await cancel(first, message);
    const releasing = await openTransaction(schema);
    await releasing.query("SELECT release_lines((SELECT owner FROM lines), ARRAY[$1], ARRAY[$2])", [
      line.tenantId,
      line.outletId,
    ]);
    const next = queued();
    const accepting = second.messages.accept(next);
    await expect.poll(() => waitingForLock("accept_messages")).toBe(1);
    await releasing.query("COMMIT");
    (await accepting)._unsafeUnwrap();
    expect(await due(first)).toEqual([next]);
  });
});

describe("a line on which another process is about to commit a message", () => {
  it("keeps neither an accept nor a claim waiting", async () => {
    const { first, second, schema } = await openTwoInNewSchema(postgres);
    const message = queued();
    (await first.messages.accept(message))._unsafeUnwrap();
    const accepting = await openTransaction(schema);
    await acceptCopy(accepting, message, "late");
    (await second.messages.accept(queued()))._unsafeUnwrap();
    expect((await first.queue.claim(1))._unsafeUnwrap()).toEqual([line]);
    await accepting.query("ROLLBACK");
  });
});

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
    const accept = async (
      { messages }: PostgresStore,
      to: string,
      aheadMs: number,
      waitMs: number,
    ): Promise<string> => {
      const message = exampleMessage({ mode: "queued", to, acceptedAt: new Date(Date.now() + aheadMs) });
      const policy = { ...message.policy, scheduleMs: [waitMs] };
      (await messages.accept({ ...message, policy }))._unsafeUnwrap();
      return message.id;
    };
    const soon: string[] = [];
    for (const [index, aheadMs] of [0, hourMs, -hourMs].entries()) {
      const store = stores[index] as PostgresStore;
      soon.push(await accept(store, `+62812${index}`, aheadMs, 1));
      await accept(store, `+62813${index}`, aheadMs, 600_000);
    }
    for (const store of stores) {
      await expect.poll(async () => (await due(store)).map(({ id }) => id).toSorted()).toEqual(soon.toSorted());
    }
  });

  it("accept, claim, begin and release on the same lines without a deadlock, and overlook nothing", async () => {
    const { first, second } = await openTwoInNewSchema(postgres);
    const deadlocks = () => postgres.query("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    const before = await deadlocks();
    const outlets = Array.from({ length: 20 }, (_, index) => `outlet-${index}`);
    const left = new Set<string>();
    let isOver = false;

    async function produce({ messages }: PostgresStore, order: readonly string[]): Promise<void> {
      for (let round = 0; round < 15; round += 1) {
        const all = order.map((outletId) => queued(outletId));
        for (const { id } of all) left.add(id);
        await Promise.all(all.map(async (message) => (await messages.accept(message))._unsafeUnwrap()));
      }
    }

    async function work(store: PostgresStore, reverse: boolean): Promise<void> {
      while (!isOver || left.size > 0) {
        const claimed = (await store.queue.claim(20))._unsafeUnwrap();
        const lines = reverse ? claimed.toReversed() : claimed;
        const heads = (await store.queue.heads(lines, 4))._unsafeUnwrap();
        await Promise.all(
          heads.map(async (message) => {
            const begun = (await store.messages.commit({ next: withIntent(message) }))._unsafeUnwrap();
            if (!begun.applied) return;
            const outcome = { ...exampleOutcomes.Accepted, wamid: `wamid.${message.id}` };
            const ended = await store.messages.commit({ next: withOutcome(begun.message, outcome) });
            expect(ended._unsafeUnwrap().applied).toBe(true);
            left.delete(message.id);
          }),
        );
        (await store.queue.release(lines))._unsafeUnwrap();
      }
    }

    const producing = Promise.all([
      produce(first, outlets),
      produce(second, outlets.toReversed()),
      produce(second, outlets),
    ]).finally(() => (isOver = true));
    await Promise.all([producing, work(first, false), work(second, true), work(first, true)]);
    expect((await first.queue.state({ limit: 100, upTo: 1 }))._unsafeUnwrap()).toEqual([]);
    expect(await deadlocks()).toEqual(before);
  });
});
