import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createServerClock } from "./server-clock.ts";

const epoch = 1_764_000_000_000;

describe("the server's clock", () => {
  it("is off by half of the shortest round trip at most, however the others were delayed", () => {
    const call = fc.record({ there: fc.integer({ min: 0, max: 500 }), back: fc.integer({ min: 0, max: 500 }) });
    fc.assert(
      fc.property(fc.array(call, { minLength: 1 }), (calls) => {
        const clock = createServerClock();
        let now = 1000;
        let shortest = Infinity;
        for (const { there, back } of calls) {
          clock.learn(epoch + now + there, now, now + there + back);
          shortest = Math.min(shortest, there + back);
          now += there + back;
        }
        const error = Math.abs(clock.toMonotonic(epoch + now) - now);
        expect(error).toBeLessThanOrEqual(shortest / 2 + (now - 1000) * 1e-4);
      }),
    );
  });

  it.each([3_600_000, -3_600_000, 40])("is followed when it is set by %i ms", (stepMs) => {
    const clock = createServerClock();
    clock.learn(epoch + 1000, 999, 1001);
    clock.learn(epoch + stepMs + 2000, 1995, 2005);
    expect(Math.abs(clock.toMonotonic(epoch + stepMs + 3000) - 3000)).toBeLessThanOrEqual(5);
  });

  it("is learned anew as the clocks drift apart", () => {
    const clock = createServerClock();
    clock.learn(epoch + 1000, 999.9, 1000.1);
    const hours = 7_200_000;
    clock.learn(epoch + hours + 30, hours - 2, hours + 2);
    expect(Math.abs(clock.toMonotonic(epoch + hours + 30) - hours)).toBeLessThanOrEqual(2);
  });
});
