import type { Message } from "@message-sender/core";
import { exampleMessage, exampleStatusUpdate, exampleTime, withIntent } from "@message-sender/core/contracts";
import pg from "pg";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { openStore, overdueIds, send, useProcesses } from "../../test/stores.ts";

const postgres = usePostgres();
const { openTwo, openOne } = useProcesses(postgres);
const block = { id: "block-1", tenantId: "tenant-1", granted: 5, expiresAt: exampleTime };

/** Two stores. The second one sees that the first has been silent for a minute. */
async function firstIsSilent() {
  const two = await openTwo();
  const message = exampleMessage({ quotaBlockId: block.id });
  const request = { id: "request-2", tenantId: "tenant-1", amount: 5, ttlMs: 30_000 };
  (await two.first.messages.accept(message))._unsafeUnwrap();
  (await two.first.quotaLedger.open(block, "request-1"))._unsafeUnwrap();
  (await two.first.quotaLedger.request(request))._unsafeUnwrap();
  const silence = () =>
    postgres.query(
      `UPDATE ${two.schema}.processes SET heartbeat_at = now() - interval '1 minute'
         WHERE id = (SELECT owner FROM ${two.schema}.messages WHERE id = $1)`,
      [message.id],
    );
  await postgres.query(`UPDATE ${two.schema}.processes SET steady_since = now() - interval '1 minute'`);
  await silence();
  return { ...two, message, silence };
}

describe("a process that was presumed dead and wakes", () => {
  it("uses no unit of a block that another has taken over, settled or not", async () => {
    const { first, second } = await firstIsSilent();
    const late = exampleMessage({ quotaBlockId: block.id });
    expect((await second.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([{ block, used: 1, unfinished: 1 }]);
    const refused = await first.messages.accept(late);
    expect(refused._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable", reason: expect.stringContaining("quota") });
    expect((await first.messages.find({ id: late.id }))._unsafeUnwrap()).toBeUndefined();
    (await second.quotaLedger.close(block))._unsafeUnwrap();
    expect((await first.messages.accept(late)).isErr()).toBe(true);
  });

  it("uses no unit of an open block that another took over so long ago that this is forgotten", async () => {
    const { first, second, schema } = await firstIsSilent();
    (await second.quotaLedger.unsettled())._unsafeUnwrap();
    await postgres.query(`DELETE FROM ${schema}.taken_over`);
    const refused = await first.messages.accept(exampleMessage({ quotaBlockId: block.id }));
    expect(refused._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable", reason: expect.stringContaining("quota") });
  });

  it("fails no other message of the batch, and still answers from a key that is known", async () => {
    const { first, second } = await firstIsSilent();
    const key = { key: "order-42", fingerprint: "f" };
    const known = exampleMessage({ key, quotaBlockId: "block-2" });
    (await second.messages.accept(known))._unsafeUnwrap();
    (await second.quotaLedger.unsettled())._unsafeUnwrap();
    const [lost, again, fine] = await Promise.all(
      [
        exampleMessage({ quotaBlockId: block.id }),
        exampleMessage({ key, quotaBlockId: block.id }),
        exampleMessage({ quotaBlockId: "block-3" }),
      ].map((message) => first.messages.accept(message)),
    );
    expect(lost?.isErr()).toBe(true);
    expect(again?._unsafeUnwrap()).toEqual({ kind: "Known", message: known });
    expect(fine?._unsafeUnwrap()).toEqual({ kind: "New" });
  });

  it("resends no message with a unit of a block that another has taken over, settled or not", async () => {
    const { first, second } = await firstIsSilent();
    const failed: Message = {
      ...exampleMessage({ quotaBlockId: "block-0" }),
      conclusion: { as: "exhausted", at: exampleTime },
    };
    const other = exampleMessage({ quotaBlockId: "block-3" });
    for (const message of [failed, other]) (await second.messages.accept(message))._unsafeUnwrap();
    const resend = (quotaBlockId: string): Message => {
      const { conclusion: _, ...rest } = failed;
      return { ...rest, revision: 2, mode: "queued", resends: [{ at: exampleTime, earlierAttempts: 0 }], quotaBlockId };
    };
    (await second.quotaLedger.unsettled())._unsafeUnwrap();
    const [refused, beside] = await Promise.all([
      first.messages.commit({ next: resend(block.id), isBystander: true }),
      first.messages.commit({ next: withIntent(other) }),
    ]);
    expect(refused._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable", reason: expect.stringContaining("quota") });
    expect(beside._unsafeUnwrap().applied).toBe(true);
    (await second.quotaLedger.close(block))._unsafeUnwrap();
    expect((await first.messages.commit({ next: resend(block.id) })).isErr()).toBe(true);
    const queued = (await first.messages.commit({ next: resend("block-0") }))._unsafeUnwrap();
    expect([queued.applied, queued.message.quotaBlockId]).toEqual([true, "block-0"]);
  });

  it("opens no block for a request that another has taken over, withdrawn or not", async () => {
    const { first, second } = await firstIsSilent();
    expect((await second.quotaLedger.requested())._unsafeUnwrap()).toMatchObject([{ id: "request-2" }]);
    const granted = { ...block, id: "block-2" };
    expect((await first.quotaLedger.open(granted, "request-2"))._unsafeUnwrapErr().kind).toBe("Unavailable");
    (await second.quotaLedger.withdraw("request-2"))._unsafeUnwrap();
    expect((await first.quotaLedger.open(granted, "request-2")).isErr()).toBe(true);
    expect((await second.quotaLedger.unsettled())._unsafeUnwrap().map(({ block: { id } }) => id)).toEqual(["block-1"]);
  });

  it("is counted with the accept that was in flight when its block was taken over", async () => {
    const { first, second, schema } = await firstIsSilent();
    const late = exampleMessage({ quotaBlockId: block.id, key: { key: "order-42", fingerprint: "f" } });
    const other = new pg.Client(postgres.url);
    onTestFinished(() => other.end());
    await other.connect();
    // An open transaction holds the key, so the accept waits.
    await other.query("BEGIN");
    await other.query(`INSERT INTO ${schema}.idempotency_keys VALUES ($1, 'order-42', 'f', 'other', now())`, [
      late.request.outlet.tenantId,
    ]);
    const waiting = async () =>
      (
        await postgres.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
             AND query ~ 'accept_messages|UPDATE quota_blocks'`,
        )
      ).length;
    const accepting = first.messages.accept(late);
    await vi.waitUntil(async () => (await waiting()) === 1, { timeout: 120_000, interval: 20 });
    const counting = second.quotaLedger.unsettled();
    await vi.waitUntil(async () => (await waiting()) === 2, { timeout: 120_000, interval: 20 });
    await other.query("ROLLBACK");
    expect((await accepting)._unsafeUnwrap()).toEqual({ kind: "New" });
    expect((await counting)._unsafeUnwrap()).toMatchObject([{ used: 2 }]);
  });
});

describe("after an outage of the database, when everybody was silent", () => {
  it("nobody is presumed dead before they could send a heartbeat", async () => {
    const { first, second, schema, message } = await firstIsSilent();
    // The first heartbeat after the outage is the second store's own.
    await postgres.query(`UPDATE ${schema}.processes SET heartbeat_at = now() - interval '1 minute'`);
    expect(await overdueIds(second.messages)).toEqual([]);
    (await second.health.check())._unsafeUnwrap();
    expect(await overdueIds(second.messages)).toEqual([]);
    expect((await second.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([]);
    expect((await second.quotaLedger.requested())._unsafeUnwrap()).toEqual([]);
    (await first.health.check())._unsafeUnwrap();
    expect(await overdueIds(second.messages)).toEqual([]);
    await first.close();
    expect(await overdueIds(second.messages)).toEqual([message.id]);
  });
});

describe("a process that has just begun", () => {
  it("learns from the heartbeats of processes that have ended since that another one was silent", async () => {
    const { first, second, schema, message } = await firstIsSilent();
    await postgres.query(`UPDATE ${schema}.processes SET heartbeat_at = now() - interval '1 minute'`);
    const third = await openOne();
    expect(await overdueIds(third.messages)).toEqual([]);
    // A process that was killed after its first heartbeat, half a minute ago.
    const killed = "00000000-0000-4000-8000-000000000001";
    await postgres.query(
      `INSERT INTO ${schema}.processes SELECT $1, now() - interval '30 seconds', now() - interval '30 seconds'`,
      [killed],
    );
    expect(await overdueIds(third.messages)).toEqual([message.id]);
    // That it was killed is found out later. Its heartbeats prove the same.
    await postgres.query(`SET search_path = ${schema}; SELECT record_death('${killed}'); RESET search_path`);
    expect(await overdueIds(third.messages)).toEqual([message.id]);
    for (const store of [first, second]) expect((await store.health.check()).isOk()).toBe(true);
    expect(await overdueIds(third.messages)).toEqual([]);
  });
});

describe("parked statuses on two processes", () => {
  it("are matched by index, however many are parked", async () => {
    const schema = postgres.freshSchema();
    const url = new URL(postgres.url);
    url.searchParams.set("application_name", schema);
    const first = await openStore(url.href, schema);
    await postgres.query(
      `INSERT INTO ${schema}.parked_statuses (digest, wamid, status_update, parked_at, look_again_at)
         SELECT n::text, 'wamid.' || n, '{}', now(), NULL FROM generate_series(1, 50000) n`,
    );
    await postgres.query(`ANALYZE ${schema}.parked_statuses`);
    const connections = async () =>
      (await postgres.query("SELECT FROM pg_stat_activity WHERE application_name = $1", [schema])).length;
    const read = async () => {
      const [row] = await postgres.query(
        `SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS rows FROM pg_stat_user_tables
           WHERE schemaname = $1 AND relname = 'parked_statuses'`,
        [schema],
      );
      return Number(row?.["rows"]);
    };
    await send(first, "conversation-1");
    for (let round = 0; round < 50; round += 1) expect((await first.parkedStatuses.matched(100)).isOk()).toBe(true);
    // A connection reports what it has read when it ends, at the latest.
    await first.close();
    await vi.waitUntil(async () => (await connections()) === 0, { timeout: 120_000 });
    expect(await read()).toBeLessThan(200_000);
  });

  it("are found by a second look if the commit that named them was in flight", async () => {
    const { first, schema } = await openTwo();
    const update = exampleStatusUpdate({ wamid: "wamid.late" });
    (await first.parkedStatuses.park([update]))._unsafeUnwrap();
    // As if the commit had not seen the parked status.
    await postgres.query(
      `ALTER TABLE ${schema}.wamids DISABLE TRIGGER USER; INSERT INTO ${schema}.wamids VALUES ('wamid.late', 'm');
       ALTER TABLE ${schema}.wamids ENABLE TRIGGER USER`,
    );
    expect((await first.parkedStatuses.matched(9))._unsafeUnwrap()).toEqual([]);
    await postgres.query(`UPDATE ${schema}.parked_statuses SET look_again_at = now() - interval '1 second'`);
    expect((await first.parkedStatuses.matched(9))._unsafeUnwrap()).toEqual([update]);
  });
});
