import { createSystemClock } from "@message-sender/core/node";
import { openPostgresStore } from "@message-sender/postgres-adapter";
import { expect, it, onTestFinished } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";

const postgres = usePostgres();
const clock = createSystemClock();

it("the time line of a number is deleted once nobody has used it for a day", async () => {
  const schema = postgres.freshSchema();
  const store = (await openPostgresStore(postgres.url, { clock, schema }))._unsafeUnwrap();
  onTestFinished(() => store.close());
  const book = (number: string) => store.numberRates.book([{ number, wanted: 1, spacingMs: 13.5, share: 1 }], 300);
  for (const number of ["used", "unused"]) (await book(number))._unsafeUnwrap();
  await postgres.query(`UPDATE ${schema}.number_rates SET next_at = next_at - $1::bigint WHERE number = 'unused'`, [
    2 * 86_400_000_000,
  ]);
  const at = new Date(0);
  const before = { keys: at, messages: at, parkedStatuses: at, webhooks: at, recipients: at, outboxEntries: at };
  expect((await store.retention.forget(before, 10))._unsafeUnwrap()).toBe(0);
  const left = await postgres.query(`SELECT number FROM ${schema}.number_rates ORDER BY number`);
  // The first says since when the table was not lost.
  expect(left).toEqual([{ number: "" }, { number: "used" }]);
  expect((await book("unused"))._unsafeUnwrap()).toMatchObject([{ booked: 1 }]);
});
