import { setTimeout } from "node:timers/promises";

import { expect, it } from "vitest";

import { releaseStartMemory } from "./release-start-memory.ts";

it("frees what nothing needs any more, and shows `gc` to nobody", async () => {
  const left = leaveBehind();
  // What a WeakRef was made of stays until the end of its turn.
  await setTimeout(1);
  releaseStartMemory();
  expect(left.deref()).toBe(undefined);
  expect(Reflect.get(globalThis, "gc")).toBe(undefined);
});

function leaveBehind(): WeakRef<object> {
  return new WeakRef(Array.from({ length: 1000 }, () => ({})));
}
