import { expect, test } from "vitest";

import { createBoundedLog } from "./bounded-log.ts";

test("keeps the newest entries, oldest first, and counts all of them", () => {
  const log = createBoundedLog<number>(3);
  for (let entry = 1; entry <= 20; entry += 1) {
    log.add(entry);
    expect(log.entries()).toEqual([entry - 2, entry - 1, entry].filter((kept) => kept > 0));
  }
  expect(log.count).toBe(20);
});

test("is empty after clear", () => {
  const log = createBoundedLog<number>(3);
  log.add(1);
  log.clear();
  expect(log.entries()).toEqual([]);
  expect(log.count).toBe(0);
});

test("returns a copy, which a later entry does not change", () => {
  const log = createBoundedLog<number>(3);
  log.add(1);
  const entries = log.entries();
  log.add(2);
  expect(entries).toEqual([1]);
});
