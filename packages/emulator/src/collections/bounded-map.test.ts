import { expect, test } from "vitest";

import { setBounded } from "./bounded-map.ts";

test("keeps the newest entries, and returns the value that it drops", () => {
  const map = new Map([["a", 1]]);
  expect(setBounded(map, "b", 2, 2)).toBeUndefined();
  expect(setBounded(map, "b", 3, 2)).toBeUndefined();
  expect(setBounded(map, "c", 4, 2)).toBe(1);
  expect([...map]).toEqual([
    ["b", 3],
    ["c", 4],
  ]);
});
