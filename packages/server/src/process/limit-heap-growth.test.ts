import { expect, it } from "vitest";

import { growthPercentOf } from "./limit-heap-growth.ts";

const MiB = 1024 * 1024;

it.each([
  [20, 40],
  [100, 40],
  [400, 120],
])("a heap with %s MiB alive grows by %s MiB", (alive, growth) => {
  expect((growthPercentOf(alive * MiB) / 100) * alive).toBeCloseTo(growth);
});
