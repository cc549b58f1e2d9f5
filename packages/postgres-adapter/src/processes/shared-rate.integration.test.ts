import { createPacer } from "@message-sender/core";
import { createSystemClock } from "@message-sender/core/node";
import { openPostgresStore } from "@message-sender/postgres-adapter";
import { ResultAsync } from "neverthrow";
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";

const postgres = usePostgres();
const clock = createSystemClock();
const [perSecond, aheadMs] = [80, 300];
const deadlineAt = new Date(8.64e15);
/** The slots that are booked, the lateness of a slot, and what the clocks may differ by. */
const graceMs = aheadMs + 60 + 100;

/** A process that sends `count` messages from one number, to somebody each. Notes when they leave. */
async function startProcess(schema: string, count: number, left: number[]): Promise<Promise<unknown>> {
  const store = (await openPostgresStore(postgres.url, { clock, schema }))._unsafeUnwrap();
  onTestFinished(() => store.close());
  const pacer = createPacer({
    clock,
    permits: 512,
    numberPerSecond: perSecond,
    numberRates: store.numberRates,
    bookAheadMs: aheadMs,
  });
  const recipients = Array.from({ length: count }, () => crypto.randomUUID());
  const sending = recipients.map((to) => {
    const rateKey = { tenantId: "tenant-1", phoneNumberId: "number-1", to, isRetry: false };
    return pacer.withPermit(rateKey, deadlineAt, (permit) => {
      const leave = async () => {
        if (!(await permit.awaitSlot())) left.push(clock.monotonicMs());
      };
      return ResultAsync.fromSafePromise(leave());
    });
  });
  return Promise.all(sending);
}

it("two processes send no more from a number than it may, and nothing while PostgreSQL stalls", async () => {
  const schema = postgres.freshSchema();
  const left: number[] = [];
  const client = new pg.Client(postgres.url);
  await client.connect();
  onTestFinished(() => client.end());

  const [one, other] = [await startProcess(schema, 100, left), await startProcess(schema, 100, left)];
  await expect.poll(() => left.length).toBeGreaterThan(20);
  await client.query(`BEGIN; LOCK TABLE ${schema}.number_rates IN ACCESS EXCLUSIVE MODE`);
  const lockedAt = clock.monotonicMs();
  await clock.sleep(graceMs + 500);
  const unlockedAt = clock.monotonicMs();
  await client.query("COMMIT");
  await Promise.all([one, other]);

  expect(left).toHaveLength(200);
  expect(left.filter((at) => at > lockedAt + graceMs && at < unlockedAt)).toEqual([]);
  const times = left.toSorted((a, b) => a - b);
  // Of as many as the number may send in a second and one more, the first and the last are a second apart: 1,020 ms, less what two
  // processes on a busy machine know of the server's clock.
  const spans = times.slice(perSecond).map((at, index) => at - (times[index] ?? 0));
  expect(Math.min(...spans)).toBeGreaterThan(950);
});
