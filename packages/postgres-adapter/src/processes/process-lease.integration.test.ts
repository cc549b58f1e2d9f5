import { exampleMessage } from "@message-sender/core/contracts";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { startProxy } from "../../test/proxy.ts";
import { clock, longLeaseMs, useProcesses } from "../../test/stores.ts";
import type { PostgresStore } from "../index.ts";
import { openWithHeartbeat } from "../open-with-heartbeat.ts";

const postgres = usePostgres();
const { openProcess: open, openTwo, schema } = useProcesses(postgres);
const line = { tenantId: "tenant-1", outletId: "outlet-1" };

/** A process behind a proxy, which can take the database away from it. */
async function openBehindProxy(processLeaseMs = longLeaseMs) {
  const proxy = await startProxy(postgres.url);
  onTestFinished(proxy.close);
  const opened = await openWithHeartbeat(proxy.url, { clock, processLeaseMs });
  onTestFinished(opened.store.close);
  return { proxy, ...opened };
}

async function enqueue({ messages }: PostgresStore, outletId: string = line.outletId): Promise<void> {
  const message = exampleMessage({ mode: "queued", acceptedAt: clock.now(), ...line, outletId });
  (await messages.accept(message))._unsafeUnwrap();
}

const claim = async ({ queue }: PostgresStore) => (await queue.claim(10))._unsafeUnwrap();

describe("the lines of a process", () => {
  it("are free once its lease is over, which it knows by then", async () => {
    const { store, heartbeat } = await open();
    const { store: silenced, proxy } = await openBehindProxy(400);
    await enqueue(store);
    await expect.poll(() => claim(silenced)).toEqual([line]);
    await proxy.close();
    const taken = async () => {
      await heartbeat.beat();
      const claimed = await claim(store);
      if (claimed.length > 0) expect(silenced.lease.validForMs()).toBe(0);
      return claimed;
    };
    await expect.poll(taken).toEqual([line]);
  });

  it("stay its own while it sends heartbeats, which write nothing to them", async () => {
    const [holder, other] = [await open(), await open()];
    await enqueue(holder.store);
    expect(await claim(holder.store)).toEqual([line]);
    const rows = () => postgres.query(`SELECT xmin::text, xmax::text FROM ${schema}.lines`);
    const before = await rows();
    for (let round = 0; round < 3; round += 1) {
      await holder.heartbeat.beat();
      await other.heartbeat.beat();
      expect(await claim(other.store)).toEqual([]);
    }
    expect(await rows()).toEqual(before);
  });

  it("are free at once when it closes its store", async () => {
    const { first, second } = await openTwo();
    await enqueue(first);
    expect(await claim(first)).toEqual([line]);
    await first.close();
    expect(await claim(second)).toEqual([line]);
  });

  it("are claimed anew after a heartbeat if the answer to a claim was lost", async () => {
    const { store, heartbeat, proxy } = await openBehindProxy();
    await enqueue(store);
    proxy.loseNextAnswer();
    expect(await claim(store)).toEqual([]);
    expect(proxy.lost).toBe(1);
    expect(store.lease.validForMs()).toBe(0);
    expect(await claim(store)).toEqual([]);
    await heartbeat.beat();
    expect(await claim(store)).toEqual([line]);
  });

  it("are claimed anew if the lease ended while a claim was on its way", async () => {
    const { store, heartbeat, owner } = await open();
    await enqueue(store);
    const blocking = new pg.Client(postgres.url);
    onTestFinished(() => blocking.end());
    await blocking.connect();
    await blocking.query(`BEGIN; SELECT FROM ${schema}.processes WHERE id = '${owner}' FOR UPDATE`);
    const claiming = claim(store);
    heartbeat.giveUp();
    const beating = heartbeat.beat();
    await blocking.query("COMMIT");
    expect(await claiming).toEqual([]);
    await beating;
    await heartbeat.beat();
    expect(await claim(store)).toEqual([line]);
  });

  it("are free if another process decides that the lease is over while its heartbeat is on the way", async () => {
    const [holder, other] = [await open(), await open()];
    await enqueue(holder.store);
    expect(await claim(holder.store)).toEqual([line]);
    await postgres.query(`UPDATE ${schema}.processes SET lease_until = now() - interval '1 second' WHERE id = $1`, [
      holder.owner,
    ]);
    await Promise.all([other.heartbeat.beat(), holder.heartbeat.beat()]);
    const heads = await holder.store.queue.heads([line], 1);
    expect(heads._unsafeUnwrap()).toEqual([]);
    expect([...(await claim(other.store)), ...(await claim(holder.store))]).toEqual([line]);
  });

  it("are all for one of two if the other has sent no heartbeat for half of its lease", async () => {
    const [one, silent] = [await open(), await open()];
    // It takes part since it has claimed.
    expect(await claim(silent.store)).toEqual([]);
    for (const outletId of ["outlet-1", "outlet-2", "outlet-3", "outlet-4"]) await enqueue(one.store, outletId);
    expect(await claim(one.store), "its share").toHaveLength(2);
    await postgres.query(`UPDATE ${schema}.processes SET lease_until = now() + $2::interval WHERE id = $1`, [
      silent.owner,
      `${0.45 * longLeaseMs} milliseconds`,
    ]);
    await one.heartbeat.beat();
    expect(one.store.lease.surplus()).toBe(0);
    expect(await claim(one.store), "the rest").toHaveLength(2);
    await silent.heartbeat.beat();
    await one.heartbeat.beat();
    expect(one.store.lease.surplus(), "what it gives back").toBe(2);
  });
});
