import { assert, jsonValue, property } from "fast-check";
import { describe, expect, it } from "vitest";

import { jsonLosses } from "./json-losses.ts";

describe("the losses of JSON.parse", () => {
  it("are none for the output of JSON.stringify, except large numbers", () => {
    assert(
      property(jsonValue({ maxDepth: 5 }), (value) => {
        const json = JSON.stringify(value, undefined, 1);
        expect(jsonLosses(json).filter(({ kind }) => kind === "repeated key")).toEqual([]);
        expect(jsonLosses(json).length > 0).toBe(holdsLargeNumber(value));
      }),
    );
  });

  it("include duplicate keys, whatever their values", () => {
    assert(
      property(jsonValue({ maxDepth: 3 }), jsonValue({ maxDepth: 3 }), (one, other) => {
        const json = `[[], {"k": ${JSON.stringify(one)}, "\\u006b": ${JSON.stringify(other)}}]`;
        expect(jsonLosses(json)).toContainEqual({ kind: "repeated key", path: [1, "k"] });
      }),
    );
  });

  it("are found at any depth, and limited to twenty", () => {
    expect(jsonLosses(`[${Array.from({ length: 100 }, () => "1e30").join(",")}]`)).toHaveLength(20);
    const deep = `${'[{"a":'.repeat(100_000)}{"b":1,"b":2}${"}]".repeat(100_000)}`;
    expect(jsonLosses(deep)).toHaveLength(1);
  });
});

function holdsLargeNumber(value: unknown): boolean {
  if (typeof value === "number") return Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsLargeNumber);
}
