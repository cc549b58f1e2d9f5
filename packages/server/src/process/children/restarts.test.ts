import { expect, it } from "vitest";

import { createRestarts } from "./restarts.ts";

it("a process that ends again and again is replaced later and later, and at once after a long life", () => {
  const restarts = createRestarts();
  const waits = Array.from({ length: 8 }, () => restarts.nextMs(100));
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  expect(restarts.nextMs(60_000)).toBe(250);
  expect(restarts.nextMs(59_999)).toBe(500);
});
