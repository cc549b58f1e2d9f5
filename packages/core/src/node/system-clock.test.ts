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

const broken = (change: (clock: Clock) => Partial<Clock>) => (subject: ClockSubject) => ({
  ...subject,
  clock: { ...subject.clock, ...change(subject.clock) },
});
const sleeping = (change: (clock: Clock) => Clock["sleep"]) => broken((clock) => ({ sleep: change(clock) }));

describeClockContract({ name: "system clock", setup });

describeSabotage(clockContract, {
  setup,
  sabotages: {
    "It may be set forward or back at any moment": broken((clock) => {
      const startedAt = clock.now().getTime() - clock.monotonicMs();
      return { now: () => new Date(startedAt + clock.monotonicMs()) };
    }),
    "A change of the wall clock does not affect them": broken(() => ({ monotonicMs: () => Date.now() })),
    "Resolves once `ms` have passed, never before": sleeping((clock) => (ms, woken) => clock.sleep(ms - 10, woken)),
    "Resolves at once where `ms` is 0 or less": sleeping((clock) => (ms, woken) => clock.sleep(Math.max(ms, 1), woken)),
    "Resolves as soon as `woken` settles": sleeping((clock) => (ms) => clock.sleep(ms)),
    "A change of the wall clock meanwhile does not matter": sleeping((clock) => async (ms, woken) => {
      const until = Date.now() + ms;
      await clock.sleep(ms, woken);
      for (let leftMs = until - Date.now(); leftMs > 0 && !woken; leftMs = until - Date.now())
        await clock.sleep(leftMs);
    }),
  },
});

describe("the system clock", () => {
  it("shows the current time", () => {
    vi.setSystemTime(1_234_567);
    expect(createSystemClock().now()).toEqual(new Date(1_234_567));
  });

  it("clears its timer when it is woken", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const sleeping = createSystemClock().sleep(60_000, promise);
    expect(vi.getTimerCount()).toBe(1);
    resolve();
    await sleeping;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("sleeps on when a timer fires early", async () => {
    const fraction = vi.spyOn(performance, "now");
    fraction.mockReturnValueOnce(0.9).mockReturnValueOnce(100).mockReturnValue(100.9);
    const sleeping = createSystemClock().sleep(100);
    await vi.advanceTimersByTimeAsync(100);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(2);
    await sleeping;
    fraction.mockRestore();
  });

  it("sleeps longer than the longest timer", async () => {
    const yearMs = 365 * 86_400_000;
    let over = false;
    const sleeping = createSystemClock()
      .sleep(yearMs)
      .then(() => (over = true));
    await vi.advanceTimersByTimeAsync(yearMs - 1);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(10);
    expect(over).toBe(true);
    await sleeping;
  });
});
