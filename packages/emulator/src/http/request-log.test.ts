import { expect, test } from "vitest";

import { createRequestLog, remember } from "./request-log.ts";

test("keeps the newest entries, oldest first, and counts all of them", () => {
  const log = createRequestLog<number>(3);
  for (let entry = 1; entry <= 20; entry += 1) {
    log.add(entry);
    expect(log.entries()).toEqual([entry - 2, entry - 1, entry].filter((kept) => kept > 0));
  }
  expect(log.count).toBe(20);
});

test("is empty after clear", () => {
  const log = createRequestLog<number>(3);
  log.add(1);
  log.clear();
  expect(log.entries()).toEqual([]);
  expect(log.count).toBe(0);
});

test("gives a copy, which a later entry does not change", () => {
  const log = createRequestLog<number>(3);
  log.add(1);
  const entries = log.entries();
  log.add(2);
  expect(entries).toEqual([1]);
});

test("a map remembers so many entries and hands back the one it drops", () => {
  const map = new Map([["a", 1]]);
  expect(remember(map, "b", 2, 2)).toBeUndefined();
  expect(remember(map, "b", 3, 2)).toBeUndefined();
  expect(remember(map, "c", 4, 2)).toBe(1);
  expect([...map]).toEqual([
    ["b", 3],
    ["c", 4],
  ]);
});
