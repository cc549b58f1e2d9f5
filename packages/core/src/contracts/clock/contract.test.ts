import { createManualClock } from "../../in-memory/index.ts";
import type { Clock } from "../../ports/clock.ts";
import { clockContract, type ClockSubject, describeClockContract, describeSabotage } from "../index.ts";

const setup = (): ClockSubject => {
  const clock = createManualClock();
  return { clock, advance: clock.advance, shiftWallClock: clock.stepWall };
};

const broken = (change: (clock: Clock) => Partial<Clock>) => (subject: ClockSubject) => ({
  ...subject,
  clock: { ...subject.clock, ...change(subject.clock) },
});
const sleeping = (change: (clock: Clock) => Clock["sleep"]) => broken((clock) => ({ sleep: change(clock) }));

describeClockContract({ name: "manual clock", setup });

describeSabotage(clockContract, {
  setup,
  sabotages: {
    "It may be set forward or back at any moment": broken((clock) => {
      const startedAt = clock.now().getTime() - clock.monotonicMs();
      return { now: () => new Date(startedAt + clock.monotonicMs()) };
    }),
    "A change of the wall clock does not affect them": [
      broken((clock) => ({ monotonicMs: () => clock.now().getTime() })),
      broken(() => ({ monotonicMs: () => 0 })),
    ],
    "Resolves once `ms` have passed, never before": [
      sleeping((clock) => (ms, woken) => clock.sleep(ms - 100, woken)),
      sleeping((clock) => (ms, woken) => clock.sleep(ms === 1000 ? ms + 100 : ms, woken)),
    ],
    "Resolves at once where `ms` is 0 or less": sleeping((clock) => (ms, woken) => clock.sleep(Math.max(ms, 1), woken)),
    "Resolves as soon as `woken` settles": sleeping((clock) => (ms) => clock.sleep(ms)),
    "A change of the wall clock meanwhile does not matter": sleeping((clock) => async (ms, woken) => {
      const until = clock.now().getTime() + ms;
      await clock.sleep(ms, woken);
      if (!woken && clock.now().getTime() < until) await clock.sleep(until - clock.now().getTime());
    }),
  },
});
