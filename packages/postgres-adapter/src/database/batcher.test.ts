import { expect, it } from "vitest";

import { type BatchEnd, createBatcher } from "./batcher.ts";

it("reports how each batch ended", async () => {
  const ends: BatchEnd[] = [];
  const { add } = createBatcher<string, string>({
    run: async (items) => {
      if (items.includes("bad")) throw new Error("the server is away");
      return items.map((item) => item.toUpperCase());
    },
    keyOf: (item) => item,
    onBatch: (end) => ends.push(end),
  });
  expect(await Promise.all([add("a"), add("b"), add("c")])).toEqual(["A", "B", "C"]);
  await expect(add("bad")).rejects.toThrow("the server is away");
  const durationMs = expect.any(Number);
  expect(ends).toEqual([
    { size: 3, durationMs, failed: false },
    { size: 1, durationMs, failed: true },
  ]);
});
