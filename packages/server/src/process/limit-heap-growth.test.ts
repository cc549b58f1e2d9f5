import { expect, it } from "vitest";

import { growthPercentOf } from "./limit-heap-growth.ts";

const MiB = 1024 * 1024;

it.each([
  [20, 40],
  [100, 40],
  [400, 120],
])("a heap with %s MiB in use may grow by %s MiB", (used, growth) => {
  expect((growthPercentOf(used * MiB) / 100) * used).toBeCloseTo(growth);
});
