import { describe, expect, it } from "vitest";

import { changed, full, problemsIn } from "../../test/contents.ts";

const pointers = (pointer: string, value: unknown) =>
  problemsIn("location", changed(full.location, pointer, value)).map(([where]) => where);

describe("a location", () => {
  it.each([
    ["latitude", 90],
    ["latitude", -90],
    ["latitude", "90"],
    ["latitude", "-37.75805612345678"],
    ["latitude", "+1."],
    ["latitude", ".5"],
    ["latitude", "1e-7"],
    ["latitude", "9e1"],
    ["latitude", `1.${"0".repeat(100)}`],
    ["longitude", 180],
    ["longitude", "-180.0"],
    ["name", undefined],
    ["address", undefined],
    ["address", ""],
  ])("has as %s: %j", (pointer, value) => {
    expect(pointers(pointer, value)).toEqual([]);
  });

  it.each([
    ["latitude", 90.000001],
    ["latitude", -90.000001],
    ["latitude", "-90.1"],
    ["latitude", undefined],
    ["latitude", null],
    ["latitude", "north"],
    ["latitude", ""],
    ["latitude", " "],
    ["latitude", "1e2"],
    ["latitude", "1,5"],
    ["latitude", "NaN"],
    ["latitude", "1".repeat(1000)],
    ["latitude", Number.NaN],
    ["longitude", 181],
    ["longitude", "-180.5"],
    ["longitude", Number.POSITIVE_INFINITY],
    ["name", 5],
    ["address", "a\u0007"],
  ])("does not have as %s: %j", (pointer, value) => {
    expect(pointers(pointer, value)).toEqual([pointer]);
  });
});
