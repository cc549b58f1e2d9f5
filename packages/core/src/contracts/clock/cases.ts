import { expect } from "vitest";

import type { Case } from "../contract.ts";
import type { ClockSubject } from "./subject.ts";

export const clockCases: readonly Case<ClockSubject>[] = [
  {
    name: "It may be set forward or back at any moment",
    async run({ clock, advance, shiftWallClock }) {
      const startedAt = clock.now().getTime();
      await advance(1000);
      expect(clock.now().getTime() - startedAt).toBe(1000);
      shiftWallClock(hourMs);
      expect(clock.now().getTime() - startedAt).toBe(1000 + hourMs);
      shiftWallClock(-2 * hourMs);
      expect(clock.now().getTime() - startedAt).toBe(1000 - hourMs);
    },
  },
  {
    name: "A change of the wall clock does not affect them",
    async run({ clock, advance, shiftWallClock }) {
      const startedMs = clock.monotonicMs();
      for (const ms of [hourMs, -2 * hourMs, 1]) {
        shiftWallClock(ms);
        expect(clock.monotonicMs()).toBe(startedMs);
      }
      await advance(1500);
      expect(clock.monotonicMs() - startedMs).toBeCloseTo(1500, 1);
      shiftWallClock(-hourMs);
      await advance(500);
      expect(clock.monotonicMs() - startedMs).toBeCloseTo(2000, 1);
    },
  },
  {
    name: "Resolves once `ms` have passed, never before",
    async run(subject) {
      const slow = asleep(subject, 3000);
      const fast = asleep(subject, 1000);
      await subject.advance(999);
      expect(fast.over).toBe(false);
      await subject.advance(toleranceMs);
      expect([fast.over, slow.over]).toEqual([true, false]);
      await subject.advance(3000);
      expect(slow.over).toBe(true);
    },
  },
  {
    name: "Resolves at once where `ms` is 0 or less",
    async run(subject) {
      const sleepers = [asleep(subject, 0), asleep(subject, -1000), asleep(subject, -Infinity)];
      await subject.advance(0);
      expect(sleepers).toEqual([{ over: true }, { over: true }, { over: true }]);
    },
  },
  {
    name: "Resolves as soon as `woken` settles",
    async run(subject) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const sleeper = asleep(subject, 60_000, promise);
      const wokenBefore = asleep(subject, 60_000, Promise.resolve());
      const failure = Promise.reject(new Error("woken by a failure"));
      failure.catch(() => {});
      const failed = asleep(subject, 60_000, failure);
      await subject.advance(1000);
      expect([sleeper.over, wokenBefore.over, failed.over]).toEqual([false, true, true]);
      resolve();
      await subject.advance(0);
      expect(sleeper.over).toBe(true);
    },
  },
  {
    name: "A change of the wall clock meanwhile does not matter",
    async run(subject) {
      const sleepers = [asleep(subject, 5000), asleep(subject, 5000)];
      subject.shiftWallClock(hourMs);
      await subject.advance(4000);
      expect(sleepers).toEqual([{ over: false }, { over: false }]);
      subject.shiftWallClock(-2 * hourMs);
      await subject.advance(1000 + toleranceMs);
      expect(sleepers).toEqual([{ over: true }, { over: true }]);
    },
  },
];

const hourMs = 3_600_000;
const toleranceMs = 10;

function asleep({ clock }: ClockSubject, ms: number, woken?: Promise<unknown>): { over: boolean } {
  const sleeper = { over: false };
  clock.sleep(ms, woken).then(
    () => (sleeper.over = true),
    () => {},
  );
  return sleeper;
}
