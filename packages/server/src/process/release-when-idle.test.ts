import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { releaseWhenIdle } from "./release-when-idle.ts";

const everyMs = 2000;
let usedMs = 0;
let released = 0;
const release = () => void (released += 1);

beforeEach(() => {
  usedMs = released = 0;
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  vi.spyOn(process, "cpuUsage").mockImplementation((before = { user: 0, system: 0 }) => ({
    user: usedMs * 1000 - before.user,
    system: 0,
  }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("releases memory once the process has been idle, and once only", () => {
  releaseWhenIdle({ isSending: () => false, release });
  expect(released).toBe(0);
  vi.advanceTimersByTime(10 * everyMs);
  expect(released).toBe(1);
});

it("waits as long as the process works", () => {
  releaseWhenIdle({ isSending: () => false, release });
  for (let round = 0; round < 5; round += 1) {
    usedMs += everyMs / 10;
    vi.advanceTimersByTime(everyMs);
  }
  expect(released).toBe(0);
  vi.advanceTimersByTime(everyMs);
  expect(released).toBe(1);
});

it("waits as long as a message is being sent", () => {
  let isSending = true;
  releaseWhenIdle({ isSending: () => isSending, release });
  vi.advanceTimersByTime(5 * everyMs);
  expect(released).toBe(0);
  isSending = false;
  vi.advanceTimersByTime(everyMs);
  expect(released).toBe(1);
});

it("does nothing more once it was canceled", () => {
  releaseWhenIdle({ isSending: () => false, release })();
  vi.advanceTimersByTime(5 * everyMs);
  expect(released).toBe(0);
});
