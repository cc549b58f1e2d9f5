import type { Message } from "@message-sender/core";
import {
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  withIntent,
  withOutcome,
  withReport,
} from "@message-sender/core/contracts";
import { expect, it } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { openTwoInNewSchema } from "../../test/stores.ts";

const postgres = usePostgres();
const sends = 100;

/**
 * Sends messages in one process, which records their outcomes; another one records that each was sent, delivered and read. Returns
 * the share of these updates that wrote no index. Each page has room for all versions of its rows: how early a page gets room again depends on
 * the transactions of other tests.
 */
async function shareOfHotUpdates(prepare: (schema: string) => Promise<void> = async () => {}): Promise<number> {
  const { first, second, schema } = await openTwoInNewSchema(postgres);
  await postgres.query(`ALTER TABLE ${schema}.messages_default SET (fillfactor = 10)`);
  await prepare(schema);
  const intended = Array.from({ length: sends }, () =>
    withIntent(exampleMessage({ body: "Your order is ready. ".repeat(20) })),
  );
  await Promise.all(intended.map(async (message) => (await first.messages.accept(message))._unsafeUnwrap()));
  let present: readonly Message[] = intended.map((message) =>
    withOutcome(message, { ...exampleOutcomes.Accepted, wamid: `wamid.${message.id}` }),
  );
  const outcomes = present.map(async (next) =>
    (await first.messages.commit({ next, isBystander: true }))._unsafeUnwrap(),
  );
  expect((await Promise.all(outcomes)).every(({ applied }) => applied)).toBe(true);
  for (const status of ["sent", "delivered", "read"] as const) {
    present = present.map((message) => withReport(message, status, exampleTime, { wamid: `wamid.${message.id}` }));
    const committed = present.map(async (next) => (await second.messages.commit({ next }))._unsafeUnwrap());
    expect((await Promise.all(committed)).every(({ applied }) => applied)).toBe(true);
  }
  // A connection reports what it did when it is closed.
  await Promise.all([first.close(), second.close()]);
  const count = async () => {
    const [row] = await postgres.query(
      "SELECT n_tup_upd AS updates, n_tup_hot_upd AS hot FROM pg_stat_user_tables WHERE schemaname = $1 AND relname = 'messages_default'",
      [schema],
    );
    return { updates: Number(row?.["updates"]), hot: Number(row?.["hot"]) };
  };
  await expect.poll(async () => (await count()).updates).toBe(4 * sends);
  const { updates, hot } = await count();
  return hot / updates;
}

it("the outcome of a send and a status update write no index, whichever process records them", async () => {
  expect(await shareOfHotUpdates()).toBe(1);
});

it("an index that contains the status would be noticed", async () => {
  const share = await shareOfHotUpdates(async (schema) => {
    await postgres.query(`CREATE INDEX ON ${schema}.messages (tenant_id) WHERE status = 'failed'`);
  });
  expect(share).toBeLessThan(0.5);
});
