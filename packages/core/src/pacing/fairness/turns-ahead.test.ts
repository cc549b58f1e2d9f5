import fc from "fast-check";
import { expect, it } from "vitest";

import { createTurnsAhead } from "./turns-ahead.ts";

it("counts as many items of each queue as there are turns, however the queues grow and shrink", () => {
  const steps = fc.array(fc.record({ line: fc.nat(6), by: fc.integer({ min: -5, max: 9 }) }), { maxLength: 40 });
  fc.assert(
    fc.property(steps, fc.nat(50), (taken, turns) => {
      const count = createTurnsAhead();
      const sizes: number[] = [];
      for (const { line, by } of taken) {
        for (let times = Math.abs(by); times > 0; times -= 1) {
          const size = sizes[line] ?? 0;
          if (by > 0) count.joined(size + 1);
          else if (size > 0) count.left(size);
          sizes[line] = Math.max(0, size + Math.sign(by));
        }
      }
      expect(count.after(turns)).toBe(sizes.reduce((sum, size) => sum + Math.min(size, turns), 0));
    }),
  );
});
