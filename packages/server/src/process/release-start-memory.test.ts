import { setTimeout } from "node:timers/promises";
import { getHeapCodeStatistics } from "node:v8";
import { compileFunction } from "node:vm";

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

it("frees the bytecode of functions that have run, and they run again", () => {
  const add = longFunction();
  const before = bytecodeBytes();
  releaseStartMemory();
  expect(bytecodeBytes()).toBeLessThan(before - leastBytes);
  expect(add(1)).toBe(1 + statements);
});

const statements = 50_000;
/** What a long function takes at least, with several bytes for each statement. */
const leastBytes = 5 * statements;

/** A function that has run once. */
function longFunction(): (start: number) => number {
  const add = compileFunction(`${"sum += 1;".repeat(statements)} return sum;`, ["sum"]) as (sum: number) => number;
  add(0);
  return add;
}

function bytecodeBytes(): number {
  return getHeapCodeStatistics().bytecode_and_metadata_size;
}

function leaveBehind(): WeakRef<object> {
  return new WeakRef(Array.from({ length: 1000 }, () => ({})));
}
