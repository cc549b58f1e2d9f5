import { describe, expect, it } from "vitest";

import type { HourOfMetrics } from "../service/service-view.ts";
import { hourOf } from "./hour.ts";
import { percentileOf } from "./percentile.ts";

const present = 1000;
const bounds = { send: [10, 100, 1000] };

function report(slots: HourOfMetrics["slots"], fields: Partial<HourOfMetrics> = {}): HourOfMetrics {
  return { slotMs: 10_000, present, slots, bounds, ...fields };
}
const slot = (counts: Record<string, number>, send: readonly number[] = []) => ({
  counts,
  spans: send.length > 0 ? { send } : {},
});

describe("the hour of several processes", () => {
  const hour = hourOf([
    report([
      [present, slot({ "ended:sent": 3 }, [1, 1, 0, 0])],
      [present - 359, slot({ "ended:sent": 1, "ended:refused": 2 })],
      [present - 360, slot({ "ended:sent": 500 })],
    ]),
    undefined,
    report([[present, slot({ "ended:sent": 4 }, [0, 0, 2, 0])]], { present: present - 1 }),
  ]);

  it("adds up what each says, slot by slot, and leaves out what is older", () => {
    expect(hour?.counts("ended:sent").at(-1)).toBe(7);
    expect(hour?.counts("ended:sent").at(0)).toBe(1);
    expect(hour?.total("ended:sent")).toBe(8);
    expect(hour?.total("ended:sent", 1)).toBe(7);
    expect(hour?.names("ended:")).toEqual(["ended:refused", "ended:sent"]);
    expect(hour?.times.at(-1)).toBe(present * 10_000);
    expect(hour?.times).toHaveLength(360);
  });

  it("estimates how long things took, and says nothing of a slot in which nothing happened", () => {
    expect(hour?.percentile("send", 0.5)).toBe(100);
    expect(hour?.percentiles("send", 1).at(-1)).toBe(1000);
    expect(hour?.percentiles("send", 1).at(0)).toBeUndefined();
    expect(hour?.percentile("unheard", 0.5)).toBeUndefined();
  });

  it("is not known without metrics", () => {
    expect(hourOf([undefined])).toBeUndefined();
    expect(hourOf([])).toBeUndefined();
  });
});

describe("a percentile", () => {
  it.each<[readonly number[], number, number | undefined]>([
    [[0, 0, 0, 0], 0.5, undefined],
    [[10, 0, 0, 0], 0.5, 5],
    [[0, 10, 0, 0], 0.5, 55],
    [[5, 0, 5, 0], 0.99, 982],
    [[0, 0, 0, 3], 0.5, 1000],
    [[1, 0, 0, 0], 1, 10],
  ])("of %o at %d is %d", (span, share, expected) => {
    const found = percentileOf(span, bounds.send, share);
    expect(found === undefined ? found : Math.round(found)).toBe(expected);
  });
});
