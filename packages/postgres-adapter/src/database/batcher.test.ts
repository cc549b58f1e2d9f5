import { describe, expect, it, onTestFinished, vi } from "vitest";

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

it("knows for how long the oldest item without an answer has been waiting", async () => {
  const runs: (() => void)[] = [];
  const { add, oldestWaitMs } = createBatcher<string, string>({
    run: (items) => new Promise((resolve) => runs.push(() => resolve(items))),
    keyOf: (item) => item,
  });
  expect(oldestWaitMs()).toBe(0);
  const startedAt = performance.now();
  const first = add("a");
  await expect.poll(() => runs.length).toBe(1);
  const second = add("b");
  while (performance.now() - startedAt < 20) await new Promise((resolve) => setImmediate(resolve));
  expect(oldestWaitMs()).toBeGreaterThanOrEqual(19);
  runs[0]?.();
  await first;
  expect(oldestWaitMs()).toBeGreaterThan(0);
  await expect.poll(() => runs.length).toBe(2);
  runs[1]?.();
  await second;
  expect(oldestWaitMs()).toBe(0);
});

describe("batches with a spacing", () => {
  const aWhile = 3_600_000;
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  function createSpaced(spacingMs: number) {
    const sizes: number[] = [];
    const { add } = createBatcher<number, number>({
      run: async (items) => {
        sizes.push(items.length);
        return items;
      },
      keyOf: String,
      spacingMs,
    });
    return { add, sizes };
  }

  it("run the first item at once, and let the next ones gather until there are many", async () => {
    const { add, sizes } = createSpaced(aWhile);
    await add(0);
    const answers: Promise<number>[] = [];
    for (let item = 1; item < 32; item += 1) {
      answers.push(add(item));
      await turn();
    }
    expect(sizes).toEqual([1]);
    answers.push(add(32));
    expect(await Promise.all(answers)).toHaveLength(32);
    expect(sizes).toEqual([1, 32]);
  });

  it("run what has gathered when the time is over", async () => {
    const { add, sizes } = createSpaced(20);
    await add(0);
    expect(await Promise.all([add(1), add(2)])).toEqual([1, 2]);
    expect(sizes).toEqual([1, 2]);
  });

  it("start whatever a test does to the timers", async () => {
    const { add } = createSpaced(2);
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    vi.advanceTimersByTime(aWhile);
    for (const item of [1, 2, 3]) expect(await add(item)).toBe(item);
    vi.useRealTimers();
    expect(await add(4)).toBe(4);
  });
});

it("a batch waits for the one before it, unless many items are waiting", async () => {
  const running: (() => void)[] = [];
  const { add, idle } = createBatcher<number, number>({
    run: (items) => new Promise((resolve) => running.push(() => resolve(items))),
    keyOf: String,
  });
  const answers = [add(0)];
  await expect.poll(() => running.length).toBe(1);
  for (let item = 1; item < 32; item += 1) answers.push(add(item));
  await new Promise((resolve) => setImmediate(resolve));
  expect(running).toHaveLength(1);
  answers.push(add(32));
  await expect.poll(() => running.length).toBe(2);
  for (const end of running) end();
  expect(await Promise.all(answers)).toHaveLength(33);
  await idle();
});
