import { describe, expect, it } from "vitest";

import { isTooSoon, needlesslyRepeated } from "./rules.ts";

describe("a message that was accepted twice", () => {
  it.each([
    ["while the outcome of the first attempt is unknown", { outcome: "ambiguous" }, []],
    ["while it was unknown", { outcome: "accepted", decided_on: { outcome: "ambiguous" } }, []],
    ["after it was known", { outcome: "accepted" }, [1]],
    ["because nothing was sent, as was thought", { outcome: "ambiguous", decided_on: { outcome: "not_sent" } }, [1]],
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
