import { describe, expect, it } from "vitest";

import { createScale } from "./scale.ts";

const second = 1000;
const hour = 3_600_000;
const moment = (time: number) => ({ from: time, to: time });

describe("a scale", () => {
  it("has as many pixels for each millisecond, from the first time to the last", () => {
    const scale = createScale([{ from: 0, to: second }, { from: second, to: 3 * second }, moment(7 * second)], 700);
    expect([0, 1, 3, 7].map((at) => scale.at(at * second))).toEqual([0, 100, 300, 700]);
    expect(scale.cuts).toEqual([]);
    expect(scale.at(-5)).toBe(0);
    expect(scale.at(hour)).toBe(700);
  });

  it("cuts an idle stretch that would leave no room for the others, and says how long it was", () => {
    const scale = createScale([{ from: 0, to: second }, moment(2 * second), moment(8 * hour)], 700);
    expect(scale.cuts).toEqual([{ x: 644, width: 56, ms: 8 * hour - 2 * second }]);
    expect([scale.at(second), scale.at(2 * second), scale.at(8 * hour)]).toEqual([322, 644, 700]);
  });

  it("draws a wait as long as it was, unless nothing else could be seen", () => {
    const waits = (ms: number) =>
      createScale(
        [
          { from: 0, to: second },
          { from: second, to: second + ms },
        ],
        700,
      ).cuts.length;
    expect([waits(10 * second), waits(hour)]).toEqual([0, 1]);
  });

  it("does not cut what is short", () => {
    expect(createScale([{ from: 0, to: 37 }, moment(38), moment(4000)], 700).cuts).toEqual([]);
  });

  it("has ticks at round times since the first, with room between them", () => {
    const { ticks } = createScale([{ from: 500, to: 500 + 9.6 * second }], 880);
    expect(ticks.map(({ label }) => label)).toEqual(["0", ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => `+${at} s`)]);
    expect(ticks.every(({ x }, index) => index === 0 || x - (ticks[index - 1]?.x ?? 0) > 70)).toBe(true);
  });

  it("has no tick on a stretch that is cut, and none whose label says the same as the one before", () => {
    const afterWait = [
      { from: 0, to: 6600 },
      { from: 6600, to: 6623 },
    ];
    expect(createScale(afterWait, 880).ticks.map(({ label }) => label)).toEqual(["+6.6 s"]);
  });

  it("of one moment is a point", () => {
    expect(createScale([moment(5)], 700).at(5)).toBe(0);
  });
});
