import { createSystemClock } from "@message-sender/core/node";
import { describeNumberRatesContract } from "@message-sender/core/contracts";

import { usePostgres } from "../../../tests/support/postgres.ts";
import { useDatabase } from "../test/stores.ts";
import { openOnDatabase } from "./open-on-database.ts";

const postgres = usePostgres();
const schema = "message_sender";
const [one, other] = [useDatabase(() => postgres.url), useDatabase(() => postgres.url)];
const clock = createSystemClock();

describeNumberRatesContract({
  name: "PostgreSQL rates",
  async setup() {
    const { store: first } = await openOnDatabase(one(), { clock });
    const { store: second } = await openOnDatabase(other(), { clock });
    await postgres.query(`DELETE FROM ${schema}.number_rates WHERE number <> ''`);
    await postgres.query(`INSERT INTO ${schema}.number_rates (number, next_at) VALUES ('', 0)
      ON CONFLICT (number) DO UPDATE SET next_at = 0`);
    return {
      rates: first.numberRates,
      another: second.numberRates,
      clock,
      lose: async () => void (await postgres.query(`TRUNCATE ${schema}.number_rates`)),
      stepBack: async (ms) =>
        void (await postgres.query(
          `UPDATE ${schema}.number_rates SET next_at = next_at + $1, spaced_at = spaced_at + $1 WHERE number <> ''`,
          [ms * 1000],
        )),
      async close() {
        await Promise.all([first.close(), second.close()]);
      },
    };
  },
});
