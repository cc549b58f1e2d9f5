import { createManualClock } from "@message-sender/core/in-memory";
import fc from "fast-check";
import { afterAll, beforeAll, it } from "vitest";

import { agree } from "../test/model.ts";
import { step } from "../test/model-steps.ts";
import { type Pooler, startPooler } from "../test/pooler.ts";
import { emptyStore, useDatabase } from "../test/stores.ts";
import { usePostgres } from "../../../tests/support/postgres.ts";
import { runs } from "../../../tests/support/long-form.ts";
import { openOnDatabase } from "./open-on-database.ts";

const postgres = usePostgres();

let pooler: Pooler;
beforeAll(async () => void (pooler = await startPooler(postgres.url)));
afterAll(() => pooler.close());
// Statements have names, and stay prepared, only without a pooler.
const [direct, pooled] = [useDatabase(() => postgres.url), useDatabase(() => pooler.url)];

it("answers like the in-memory store, whatever the calls, also behind a pooler in transaction mode", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), fc.boolean(), async (steps, isPooled) => {
      const clock = createManualClock();
      await emptyStore(postgres);
      const { store } = await openOnDatabase(isPooled ? pooled() : direct(), { clock });
      try {
        await agree(steps, store, clock);
      } finally {
        await store.close();
      }
    }),
    runs(50),
  );
});
