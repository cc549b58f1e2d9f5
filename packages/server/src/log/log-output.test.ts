import { existsSync, openSync } from "node:fs";

import { expect, it, onTestFinished, vi } from "vitest";

import { unreadPipe } from "../../../../tests/support/unread-pipe.ts";
import { createLogOutput } from "./log-output.ts";

const line = `${"x".repeat(999)}\n`;
const patience = { timeout: 120_000, interval: 20 };

function pipe() {
  const opened = unreadPipe();
  onTestFinished(() => opened.close());
  return opened;
}

it("buffers lines for a slow reader, drops those that do not fit, and counts them", async () => {
  const { fd, read } = pipe();
  const dropped: number[] = [];
  const output = createLogOutput({ fd, maxBytes: 200_000, onDropped: (lines) => dropped.push(lines) });
  for (let written = 0; written < 1000; written += 1) output.write(line);
  let taken = "";
  await vi.waitFor(() => {
    taken += read();
    expect(dropped).not.toEqual([]);
  }, patience);
  taken += read();
  expect(taken.length / line.length + (dropped[0] ?? 0)).toBe(1000);
  expect(dropped[0]).toBeGreaterThan(600);
  output.write("more\n");
  await output.close(20_000);
  expect(read()).toBe("more\n");
});

it("writes the first line after a pause at once, and those that follow together", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const { fd, read } = pipe();
  const output = createLogOutput({ fd });
  const readSome = async (): Promise<string> => {
    for (;;) {
      const text = read();
      if (text !== "") return text;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  for (const pauseMs of [0, 1000]) {
    vi.advanceTimersByTime(pauseMs);
    output.write("one\n");
    expect(await readSome()).toBe("one\n");
    output.write("two\n");
    output.write("three\n");
    await new Promise((resolve) => setImmediate(resolve));
    expect(read()).toBe("");
    vi.advanceTimersByTime(100);
    expect(await readSome()).toBe("two\nthree\n");
  }
});

it("closes in time if nobody reads", async () => {
  const { fd, read } = pipe();
  const output = createLogOutput({ fd });
  for (let written = 0; written < 100; written += 1) output.write(line);
  await output.close(50);
  output.write(line);
  for (let taken = 0; taken < 100 * line.length;) {
    taken += read().length;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});

it("drops the lines that come once it closes", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const { fd, read } = pipe();
  const output = createLogOutput({ fd });
  const closed = output.close(20_000);
  output.write("late\n");
  vi.advanceTimersByTime(1000);
  await closed;
  expect(read()).toBe("");
});

it("keeps everybody who closes it waiting until everything is written", async () => {
  const { fd, read } = pipe();
  const output = createLogOutput({ fd });
  // More than fits into a pipe.
  for (let written = 0; written < 200; written += 1) output.write(line);
  const closed: string[] = [];
  const closing = ["first", "second"].map((name) => output.close(20_000).then(() => closed.push(name)));
  await new Promise((resolve) => setImmediate(resolve));
  expect(closed).toEqual([]);
  let taken = "";
  await vi.waitFor(() => {
    taken += read();
    expect(closed).toHaveLength(2);
  }, patience);
  await Promise.all(closing);
  expect(taken + read()).toBe(line.repeat(200));
});

it("writes everything before it closes", async () => {
  const { fd, read } = pipe();
  const output = createLogOutput({ fd });
  for (const text of ["one\n", "two\n", "three\n"]) output.write(text);
  await output.close(20_000);
  expect(read()).toBe("one\ntwo\nthree\n");
});

it.runIf(existsSync("/dev/full"))("keeps working, and closes in time, if the disk is full", async () => {
  const output = createLogOutput({ fd: openSync("/dev/full", "w"), maxBytes: 10_000 });
  for (let written = 0; written < 100; written += 1) {
    output.write(line);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await output.close(20_000);
});

it("keeps working, and closes at once, if the reader is gone", async () => {
  const opened = unreadPipe();
  opened.close();
  const output = createLogOutput({ fd: opened.fd });
  for (let written = 0; written < 100; written += 1) {
    output.write(line);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await output.close(20_000);
});
