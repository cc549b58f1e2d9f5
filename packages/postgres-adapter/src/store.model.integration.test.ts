import { createManualClock } from "@message-sender/core/in-memory";
import fc from "fast-check";
import { it } from "vitest";

import { agree } from "../test/model.ts";
import { step } from "../test/model-steps.ts";
import { emptyStore } from "../test/stores.ts";
import { usePostgres } from "../../../tests/support/postgres.ts";
import { openPostgresStore } from "./index.ts";

const postgres = usePostgres();

it("answers like the in-memory store, whatever the calls", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), async (steps) => {
      const clock = createManualClock();
      await emptyStore(postgres);
      const store = (await openPostgresStore(postgres.url, { clock, maxConnections: 4 }))._unsafeUnwrap();
      try {
        await agree(steps, store, clock);
      } finally {
        await store.close();
      }
    }),
    { numRuns: 25 },
  );
});
