import { expect, test } from "vitest";

import { shuffled } from "./shuffled.ts";

test.each([2, 3, 4, 10, 1_000])("%i items: each once, none in its place, the same order every time", (length) => {
  const items = Array.from({ length }, (_, index) => index);
  const once = shuffled(items);
  expect(once.toSorted((one, other) => one - other)).toEqual(items);
  expect(once.filter((item, index) => item === index)).toEqual([]);
  expect(shuffled(items)).toEqual(once);
});

test.each([[[]], [["only"]]])("%j keeps its order", (items) => {
  expect(shuffled<string>(items)).toEqual(items);
});
