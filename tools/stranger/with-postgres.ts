import { join } from "node:path";

import { allRows } from "../../tests/support/all-rows.ts";
import { startEmbeddedPostgres } from "../../tests/support/embedded-postgres.ts";
import { expected } from "./expect.ts";
import { step } from "./step.ts";
import { erase, hasNothingOf, tracesIn } from "./steps/erase.ts";
import { refusesErasedKey, replays, serveCopy } from "./steps/restore.ts";
import { walk } from "./walk.ts";

/** With PostgreSQL: a second server on the same database. The person is erased once. */
export async function walkWithPostgres(folder: string): Promise<void> {
  const postgres = await step("start PostgreSQL", () => startEmbeddedPostgres({ isDurable: true }));
  try {
    const { place, whatsApp, server, key, operatorKey, person } = await walk(folder, { DATABASE_URL: postgres.url });
    const second = await step("start a second server on the database", () => serveCopy(place, join(folder, "second")));
    await step("repeat the key there: the same message, and nothing is sent", () =>
      replays(second, key, person.messageId, whatsApp),
    );
    await step("erase the recipient from both servers", async () => {
      const before = tracesIn(await allRows(postgres.url), person);
      expected("the rows have the number, WhatsApp's id and the content", before.length === 3, before);
      await erase(second, operatorKey, person);
      for (const each of [server, second]) {
        await refusesErasedKey(each, key, whatsApp);
        await hasNothingOf(each, operatorKey, person);
      }
      const left = tracesIn(await allRows(postgres.url), person);
      expected("no row has anything of the person", left.length === 0, left);
    });
    await step("end both servers", () => Promise.all([server.stop(), second.stop()]));
  } finally {
    await postgres.stop();
  }
}
