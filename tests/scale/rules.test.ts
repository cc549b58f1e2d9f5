import { describe, expect, it } from "vitest";

import { isTooSoon, lostAfter, needlesslyRepeated } from "./rules.ts";

describe("a message that was accepted twice", () => {
  it.each([
    ["while the outcome of the first attempt is unknown", { outcome: "ambiguous" }, []],
    ["while it was unknown", { outcome: "accepted", decided_on: { at: "", outcome: "ambiguous" } }, []],
    ["after it was known", { outcome: "accepted" }, [1]],
    [
      "because nothing was sent, as was thought",
      { outcome: "ambiguous", decided_on: { at: "", outcome: "not_sent" } },
      [1],
    ],
  ])("was repeated %s", (_, first, needless) => {
    const shown = [
      { number: 1, ...first },
      { number: 2, outcome: "accepted" },
    ];
    expect(needlesslyRepeated([2, 1], shown)).toEqual(needless);
  });

  it("was repeated without a record of its first attempt", () => {
    expect(needlesslyRepeated([1, 2], [])).toEqual([1]);
  });
});

describe("a message that arrived after a later one, with a repeat", () => {
  it("may have been overtaken ten seconds after its first attempt began", () => {
    const first = { number: 1, started_at: "2025-11-21T10:00:00.000Z" };
    const after = (ms: number) => ({ byThenMs: Date.parse(first.started_at) + ms });
    expect([isTooSoon(after(9999), first), isTooSoon(after(10_000), first)]).toEqual([true, false]);
    expect(isTooSoon(after(60_000), undefined)).toBe(true);
  });
});

describe("an attempt of a process that ended or was suspended", () => {
  const begun = { number: 1, started_at: "2025-11-21T10:00:00.000Z" };

  it("counted as lost until its outcome was recorded, or still does", () => {
    const known = { ...begun, duration_ms: 86, outcome: "accepted" };
    expect(lostAfter({ ...known, decided_on: { at: "2025-11-21T10:00:45.500Z", outcome: "ambiguous" } })).toBe(45_500);
    expect(lostAfter({ ...begun, duration_ms: 46_000, outcome: "ambiguous" })).toBe(46_000);
    expect(lostAfter(known)).toBeUndefined();
  });
});
