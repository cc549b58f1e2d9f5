import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { clockContract, type ClockSubject, describeClockContract, describeSabotage } from "../contracts/index.ts";
import type { Clock } from "../ports/clock.ts";
import { createSystemClock } from "./system-clock.ts";

beforeEach(() => {
  vi.useFakeTimers({
    now: new Date("2025-11-21T10:00:00.000Z"),
    toFake: ["Date", "performance", "setTimeout", "clearTimeout"],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const setup = (): ClockSubject => ({
  clock: createSystemClock(),
  advance: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
  shiftWallClock: (ms) => void vi.setSystemTime(Date.now() + ms),
});

const sleepBy = (change: (clock: Clock) => Clock["sleepUntil"]) => (subject: ClockSubject) => ({
  ...subject,
  clock: { ...subject.clock, sleepUntil: change(subject.clock) },
});

describeClockContract({ name: "system clock", setup });

describeSabotage(clockContract, {
  setup,
  sabotages: {
    "Resolves at `at`, never before": sleepBy(
      (clock) => (at, woken) => clock.sleepUntil(new Date(at.getTime() - 10), woken),
    ),
    "Resolves at once when `at` has passed": sleepBy(
      (clock) => (at, woken) => clock.sleepUntil(new Date(Math.max(at.getTime(), Date.now() + 1)), woken),
    ),
    "Resolves as soon as `woken` settles": sleepBy((clock) => (at) => clock.sleepUntil(at)),
    "A change of the wall clock meanwhile does not matter": sleepBy((clock) => async (at, woken) => {
      await clock.sleepUntil(at, woken);
      for (let leftMs = at.getTime() - Date.now(); leftMs > 0; leftMs = at.getTime() - Date.now()) {
        if (woken) return;
        await clock.sleepUntil(at);
      }
    }),
  },
});

describe("the system clock", () => {
  it("says the time", () => {
    vi.setSystemTime(1_234_567);
    expect(createSystemClock().now()).toEqual(new Date(1_234_567));
  });

  it("leaves no timer behind when it is woken", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const sleeping = createSystemClock().sleepUntil(new Date(Date.now() + 60_000), promise);
    expect(vi.getTimerCount()).toBe(1);
    resolve();
    await sleeping;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("sleeps on when a timer fires early", async () => {
    const fraction = vi.spyOn(performance, "now");
    fraction.mockReturnValueOnce(0.9).mockReturnValueOnce(0.9).mockReturnValueOnce(100).mockReturnValue(101.9);
    const sleeping = createSystemClock().sleepUntil(new Date(Date.now() + 100));
    await vi.advanceTimersByTimeAsync(101);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(2);
    await sleeping;
    fraction.mockRestore();
  });

  it("sleeps longer than the longest timer", async () => {
    const yearMs = 365 * 86_400_000;
    let over = false;
    const sleeping = createSystemClock()
      .sleepUntil(new Date(Date.now() + yearMs))
      .then(() => (over = true));
    await vi.advanceTimersByTimeAsync(yearMs - 1);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(10);
    expect(over).toBe(true);
    await sleeping;
  });
});
