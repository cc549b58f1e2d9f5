import { describe, expect, it } from "vitest";

import { createOverloadMeter, type LoadReading } from "./overload-level.ts";

const limits = { loopDelayMs: 200, storeWaitMs: 1000 };

/** The level after each reading, of four a second. */
function levelsOf(readings: readonly Partial<LoadReading>[], { everyMs = 250, given = limits } = {}): number[] {
  const meter = createOverloadMeter(given);
  return readings.map((reading, index) =>
    meter.next({ loopDelayMs: 0, storeWaitMs: 0, ...reading }, 7_000_000 + index * everyMs),
  );
}

const times = (count: number, reading: Partial<LoadReading>) => Array.from({ length: count }, () => reading);
const loop = (loopDelayMs: number) => ({ loopDelayMs });
const store = (storeWaitMs: number) => ({ storeWaitMs });
const none: Partial<LoadReading> = {};

describe("the level of overload", () => {
  it.each([
    [0, loop(199)],
    [1, loop(200)],
    [1, loop(799)],
    [2, loop(800)],
    [3, loop(3200)],
    [4, loop(12_800)],
    [4, loop(1_000_000)],
    [0, store(999)],
    [1, store(1000)],
    [2, store(4000)],
    [3, store(16_000)],
    [4, store(64_000)],
    [2, { loopDelayMs: 100, storeWaitMs: 15_999 }],
    [1, { loopDelayMs: 250, storeWaitMs: 10 }],
  ])("is %i after a second of %o", (level, reading) => {
    expect(levelsOf(times(4, reading)).at(-1)).toBe(0);
    expect(levelsOf(times(5, reading)).at(-1)).toBe(level);
    expect(levelsOf(times(20, reading)).at(-1)).toBe(level);
  });

  it("is 0 after a burst or a pause of less than a second, however long its turns were", () => {
    expect(new Set(levelsOf([loop(60_000), none, loop(60_000), none, ...times(4, loop(900)), none]))).toEqual(
      new Set([0]),
    );
  });

  it("rises to what each reading of the second asks for, however few there are", () => {
    expect(levelsOf([...times(4, loop(300)), loop(900), loop(300)])).toEqual([0, 0, 0, 0, 1, 1]);
    expect(levelsOf([...times(4, loop(900)), loop(5000)]).at(-1)).toBe(2);
    expect(levelsOf([loop(5000), loop(5000)], { everyMs: 5000 })).toEqual([0, 3]);
  });

  it("falls by one after each second below half of what began it", () => {
    const readings = [...times(5, loop(3200)), ...times(5, loop(1599)), ...times(5, loop(399)), ...times(5, loop(99))];
    expect(levelsOf(readings).slice(4)).toEqual([3, 3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 0]);
    expect(levelsOf([...times(5, loop(3200)), ...times(13, none)]).slice(4)).toEqual([
      3, 3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0,
    ]);
  });

  it("does not flap about a limit", () => {
    const begun = times(5, loop(210));
    const about = Array.from({ length: 40 }, (_, index) => loop(index % 2 === 0 ? 210 : 110));
    const rare = Array.from({ length: 40 }, (_, index) => loop(index % 4 === 0 ? 210 : 10));
    for (const readings of [about, rare]) {
      expect(new Set(levelsOf([...begun, ...readings]).slice(4))).toEqual(new Set([1]));
      expect(new Set(levelsOf(readings))).toEqual(new Set([0]));
    }
  });

  it("ignores what has no limit", () => {
    const both = times(9, { loopDelayMs: 9999, storeWaitMs: 9999 });
    expect(levelsOf(both, { given: { loopDelayMs: 0, storeWaitMs: 0 } }).at(-1)).toBe(0);
    expect(levelsOf(both, { given: { loopDelayMs: 0, storeWaitMs: 1000 } }).at(-1)).toBe(2);
  });
});
