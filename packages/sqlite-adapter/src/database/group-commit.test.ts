import { ok } from "neverthrow";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import type { BatchAnswer, Call } from "./batch.ts";
import { createGroupCommit } from "./group-commit.ts";

/** Holds each batch until the test gives its answer. */
function heldBatches() {
  const batches: (readonly Call[])[] = [];
  const answers: ((answer: BatchAnswer) => void)[] = [];
  let arrived = Promise.withResolvers<void>();
  return {
    batches,
    run(calls: readonly Call[]): Promise<BatchAnswer> {
      batches.push(calls);
      arrived.resolve();
      return new Promise((resolve) => answers.push(resolve));
    },
    async next(): Promise<(answer: BatchAnswer) => void> {
      await arrived.promise;
      arrived = Promise.withResolvers();
      return answers.at(-1) ?? (() => {});
    },
  };
}

describe("group commit", () => {
  it("has one batch in flight; calls made meanwhile form the next one", async () => {
    const held = heldBatches();
    const { call } = createGroupCommit(held.run);
    const first = [call("findById", "a"), call("findById", "b")];
    const answerFirst = await held.next();
    const second = [call("findById", "c"), call("findById", "d"), call("findById", "e")];
    await new Promise((resolve) => setImmediate(resolve));
    expect(held.batches).toEqual([
      [
        ["findById", ["a"]],
        ["findById", ["b"]],
      ],
    ]);
    answerFirst({ answers: ["A", "B"] });
    expect((await Promise.all(first)).map((found) => found._unsafeUnwrap())).toEqual(["A", "B"]);
    (await held.next())({ answers: ["C", "D", undefined] });
    expect((await Promise.all(second)).map((found) => found._unsafeUnwrap())).toEqual(["C", "D", undefined]);
    expect(held.batches.map(({ length }) => length)).toEqual([2, 3]);
  });

  it("starts a batch at the earliest 2 ms after the start of one with many calls", async () => {
    const batches: { size: number; startedAt: number }[] = [];
    const { call } = createGroupCommit((calls) => {
      batches.push({ size: calls.length, startedAt: performance.now() });
      return Promise.resolve({ answers: calls.map(() => undefined) });
    });
    for (let round = 0; round < 50; round += 1)
      await Promise.all(Array.from({ length: 8 }, () => call("findById", "a")));
    const gaps = batches.slice(1).map(({ startedAt }, index) => startedAt - (batches[index]?.startedAt ?? 0));
    expect(batches.map(({ size }) => size)).toEqual(Array(50).fill(8));
    // A timer may be up to 1 ms early.
    expect(Math.min(...gaps)).toBeGreaterThan(0.9);
  });

  it.each([
    ["had few calls", 1, {}],
    ["only read", 8, { isReadOnly: true } as const],
  ])("starts a batch in the same turn if the one before it %s", async (_, size, written) => {
    const held = heldBatches();
    const { call } = createGroupCommit(held.run);
    const answers = Array<string>(size).fill("A");
    for (let round = 1; round <= 50; round += 1) {
      const answered = Promise.all(answers.map((answer) => call("findById", answer)));
      await new Promise((resolve) => setImmediate(resolve));
      expect(held.batches).toHaveLength(round);
      (await held.next())({ answers, ...written });
      expect(await answered).toEqual(answers.map((answer) => ok(answer)));
    }
  });

  it("starts batches whatever a test does to the timers", async () => {
    const { call } = createGroupCommit((calls) => Promise.resolve({ answers: calls.map(() => "A") }));
    const many = () => Promise.all(Array.from({ length: 8 }, () => call("findById", "a")));
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    vi.advanceTimersByTime(3_600_000);
    for (const answers of [await many(), await many()]) expect(answers).toEqual(Array(8).fill(ok("A")));
    vi.useRealTimers();
    expect(await many()).toEqual(Array(8).fill(ok("A")));
  });

  it("does not wait with a batch that has all the calls it may have", async () => {
    const sizes: number[] = [];
    const { call } = createGroupCommit((calls) => {
      sizes.push(calls.length);
      return Promise.resolve({ answers: calls.map(() => undefined) });
    });
    const answers = Promise.all(Array.from({ length: 3 * 256 }, () => call("findById", "a")));
    // The call itself waits for the end of the turn.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(sizes).toEqual([256, 256, 256]);
    await answers;
  });

  it("knows for how long the oldest call without an answer has been waiting", async () => {
    const held = heldBatches();
    const { call, oldestWaitMs } = createGroupCommit(held.run);
    expect(oldestWaitMs()).toBe(0);
    const startedAt = performance.now();
    const first = call("findById", "a");
    const answerFirst = await held.next();
    const second = call("findById", "b");
    while (performance.now() - startedAt < 20) await new Promise((resolve) => setImmediate(resolve));
    expect(oldestWaitMs()).toBeGreaterThanOrEqual(19);
    answerFirst({ answers: ["A"] });
    expect((await first).isOk()).toBe(true);
    const answerSecond = await held.next();
    expect(oldestWaitMs()).toBeGreaterThan(0);
    answerSecond({ answers: ["B"] });
    expect((await second).isOk()).toBe(true);
    expect(oldestWaitMs()).toBe(0);
  });

  it("reports how each batch ended that changed something or failed", async () => {
    const held = heldBatches();
    const ends: unknown[] = [];
    const { call, drain } = createGroupCommit(held.run, (end) => ends.push(end));
    const calls = [call("findById", "a"), call("findById", "b")];
    (await held.next())({ answers: ["A", "B"] });
    await Promise.all(calls);
    const read = call("findById", "a");
    (await held.next())({ answers: ["A"], isReadOnly: true });
    expect((await read).isOk()).toBe(true);
    const lost = call("findById", "c");
    (await held.next())({ failure: "the disk is full" });
    expect((await lost).isErr()).toBe(true);
    await drain();
    const durationMs = expect.any(Number);
    expect(ends).toEqual([
      { size: 2, durationMs, failed: false },
      { size: 1, durationMs, failed: true },
    ]);
  });

  it("answers every call of a batch with its failure, and continues", async () => {
    const held = heldBatches();
    const { call } = createGroupCommit(held.run);
    const [find, close] = [call("findById", "a"), call("closeBlock", "b")];
    (await held.next())({ failure: "the disk is full" });
    for (const failed of [await find, await close]) {
      expect(failed._unsafeUnwrapErr()).toEqual({ kind: "Unavailable", reason: "the disk is full" });
    }
    const working = call("findById", "c");
    (await held.next())({ answers: ["C"] });
    expect((await working)._unsafeUnwrap()).toBe("C");
  });

  it("drains the calls it has and accepts no more", async () => {
    const held = heldBatches();
    const { call, drain } = createGroupCommit(held.run);
    const last = call("findById", "a");
    const drained = drain();
    expect((await call("findById", "b"))._unsafeUnwrapErr().reason).toBe("the store is closed");
    (await held.next())({ answers: ["A"] });
    await drained;
    expect((await last)._unsafeUnwrap()).toBe("A");
  });
});
