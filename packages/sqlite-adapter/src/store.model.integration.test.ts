import * as fc from "fast-check";
import { it } from "vitest";

import { runs } from "../../../tests/support/long-form.ts";
import { heard, keepingMoves, matched } from "../test/keeping-moves.ts";
import { messageMoves, work } from "../test/message-moves.ts";
import { latest, outboxMoves } from "../test/outbox-moves.ts";
import { quotaMoves, unsettled } from "../test/quota-moves.ts";
import { createWorld } from "../test/world.ts";

const moves = fc.oneof(...messageMoves, ...outboxMoves, ...quotaMoves, ...keepingMoves);
const lastMoves = fc.tuple(work, matched, heard, latest, unsettled);

it("answers like the in-memory store, whatever the calls", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(moves, { maxLength: 80, size: "max" }), lastMoves, async (run, last) => {
      const world = await createWorld();
      try {
        for (const move of [...run, ...last]) await move.run(world);
      } finally {
        await world.close();
      }
    }),
    runs(50),
  );
});
