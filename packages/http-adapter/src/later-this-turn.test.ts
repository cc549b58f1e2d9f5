import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";

import { laterThisTurn } from "./later-this-turn.ts";

afterEach(() => void vi.useRealTimers());

test("the items of a turn are handed over together, in their order, each once", async () => {
  const turns: number[][] = [];
  const add = laterThisTurn((item: number) => turns.at(-1)?.push(item));
  for (const items of [[1, 2, 3], [4], []]) {
    turns.push([]);
    for (const item of items) add(item);
    expect(turns.at(-1)).toEqual([]);
    await setImmediate();
  }
  expect(turns).toEqual([[1, 2, 3], [4], []]);
});

test("an item that the work adds is handed over in the next turn", async () => {
  const done: number[] = [];
  const add = laterThisTurn((item: number) => {
    done.push(item);
    if (item < 3) add(item + 1);
  });
  add(1);
  await setImmediate();
  expect(done).toEqual([1]);
  await setImmediate();
  expect(done).toEqual([1, 2]);
});

test("never do many items wait, however many a turn has", async () => {
  const done: number[] = [];
  const add = laterThisTurn((item: number) => done.push(item));
  const items = Array.from({ length: 1000 }, (_, index) => index);
  for (const item of items) {
    add(item);
    expect(item + 1 - done.length).toBeLessThan(128);
  }
  await setImmediate();
  expect(done).toEqual(items);
});

test("the items behind one whose work throws are handed over in the next turn", async () => {
  const done: number[] = [];
  const add = laterThisTurn((item: number) => {
    if (item === 2) throw new Error("of item 2");
    done.push(item);
  });
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  onTestFinished(() => listeners.forEach((listener) => process.on("uncaughtException", listener)));
  const uncaught = once(process, "uncaughtException");
  for (const item of [1, 2, 3, 4]) add(item);
  expect(await uncaught).toMatchObject([{ message: "of item 2" }, "uncaughtException"]);
  await setImmediate();
  expect(done).toEqual([1, 3, 4]);
});

test("fake timers do not hold items up", async () => {
  vi.useFakeTimers();
  const done: number[] = [];
  laterThisTurn((item: number) => done.push(item))(1);
  await setImmediate();
  expect(done).toEqual([1]);
});
