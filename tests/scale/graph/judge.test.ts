import { describe, expect, it } from "vitest";

import type { Arrival } from "./arrival.ts";
import { judge, mostInASecond } from "./judge.ts";

const arrival = ({ atMs = 0, ...changes }: Partial<Arrival>): Arrival => ({
  atMs,
  earliestMs: atMs,
  number: "1",
  to: "+62",
  messageId: "a",
  attempt: 1,
  place: 0,
  accepted: true,
  ...changes,
});
const at = (...times: number[]) =>
  times.map((atMs, place) => arrival({ atMs, place, messageId: `m${place}`, to: `+62${place}` }));

describe("the judge of a run", () => {
  it("finds the fullest second, wherever it begins", () => {
    expect(mostInASecond(at(0, 600, 900, 1500, 1599, 1601))).toBe(4);
    expect(mostInASecond(at(0, 1000, 2000))).toBe(1);
  });

  it("counts no request that may have arrived before the second, and says how late it was recorded at most", () => {
    const late = { ...arrival({ atMs: 300 }), earliestMs: 100 };
    const all = [late, ...at(400, 500, 1050, 1150)];
    expect(mostInASecond(all)).toBe(4);
    expect(judge(all).recorderLateMs).toBe(200);
  });

  it("finds a message that was accepted twice, and an attempt that arrived twice", () => {
    const seen = judge([arrival({}), arrival({ attempt: 2, atMs: 1 }), arrival({ attempt: 2, atMs: 2 })]);
    expect(seen.repeated).toEqual([{ messageId: "a", attempts: [1, 2, 2] }]);
    expect(seen.attemptsTwice).toEqual(["a:2"]);
    expect([seen.messages, seen.accepted]).toEqual([1, 3]);
  });

  it("finds messages to one recipient that are out of order, and no repeat of an early one", () => {
    const first = arrival({ messageId: "first", place: 0 });
    const second = arrival({ messageId: "second", place: 1 });
    expect(judge([second, first]).inversions).toHaveLength(1);
    expect(judge([first, second, { ...first, attempt: 2 }]).inversions).toEqual([]);
    expect(judge([second, { ...first, to: "+63" }]).inversions).toEqual([]);
  });

  it("finds a message whose first attempt never arrived, and that arrived after a later one", () => {
    const overtaken = arrival({ messageId: "first", place: 0, attempt: 2, atMs: 9000 });
    const second = arrival({ messageId: "second", place: 1, atMs: 500 });
    const name = "1 to +62: 0 with attempt 2 after 1";
    expect(judge([second, overtaken], 10_000)).toMatchObject({
      inversions: [],
      overtaken: [{ messageId: "first", name, byThenMs: 10_500 }],
    });
    expect(judge([second, { ...overtaken, attempt: 1 }])).toMatchObject({
      inversions: ["1 to +62: 0 with attempt 1 after 1"],
      overtaken: [],
    });
  });

  it("counts refused requests, and not as accepted", () => {
    expect(judge([arrival({ accepted: false }), arrival({ attempt: 2 })])).toMatchObject({
      requests: 2,
      refused: 1,
      repeated: [],
    });
  });

  describe("finds how long a number sent nothing", () => {
    const gapOf = (...all: readonly (readonly Arrival[])[]) =>
      judge(all.flat().toSorted((one, next) => one.atMs - next.atMs)).longestGapMs;
    const ofOther = (fromMs: number, toMs: number) =>
      at(...Array.from({ length: (toMs - fromMs) / 100 + 1 }, (_, index) => fromMs + index * 100)).map((one) => ({
        ...one,
        number: "2",
      }));

    it("beside others that went on", () => {
      expect(gapOf(at(0, 100, 1900, 2000), ofOther(0, 2000))).toBe(1800);
    });

    it("and not while nobody sent anything", () => {
      expect(gapOf(at(0, 100, 9000), ofOther(0, 2000), ofOther(8000, 9000))).toBe(2900);
    });

    it("and not while one may have arrived that was recorded late", () => {
      const late = { ...arrival({ atMs: 1900, to: "+6299", messageId: "late" }), earliestMs: 1000 };
      expect(gapOf(at(0, 100), [late], ofOther(0, 2000))).toBe(900);
    });

    it("and not to a recipient whose message had to be repeated", () => {
      const repeat = arrival({ attempt: 2, atMs: 9000, to: "+63" });
      expect(gapOf(at(0, 100, 1900), [repeat], ofOther(0, 9000))).toBe(1800);
    });
  });
});
