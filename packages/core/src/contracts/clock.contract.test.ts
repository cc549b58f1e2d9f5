import { createManualClock } from "../in-memory/index.ts";
import type { Clock } from "../ports/clock.ts";
import { clockContract, type ClockSubject, describeClockContract, describeSabotage } from "./index.ts";

const setup = (): ClockSubject => {
  const clock = createManualClock();
  return { clock, advance: clock.advance, shiftWallClock: () => {} };
};
const skip = [{ reason: "it has no wall clock", tests: ["A change of the wall clock meanwhile does not matter"] }];

const broken = (change: (clock: Clock) => Clock["sleepUntil"]) => (subject: ClockSubject) => ({
  ...subject,
  clock: { ...subject.clock, sleepUntil: change(subject.clock) },
});

describeClockContract({ name: "manual clock", setup, skip });

describeSabotage(clockContract, {
  setup,
  skip,
  sabotages: {
    "Resolves at `at`, never before": [
      broken((clock) => (at, woken) => clock.sleepUntil(new Date(at.getTime() - 100), woken)),
      broken((clock) => (at, woken) => {
        const late = at > clock.now() ? 100 : 0;
        return clock.sleepUntil(new Date(at.getTime() + late), woken);
      }),
    ],
    "Resolves at once when `at` has passed": broken((clock) => (at, woken) => {
      const soon = clock.now().getTime() + 1;
      return clock.sleepUntil(new Date(Math.max(at.getTime(), soon)), woken);
    }),
    "Resolves as soon as `woken` settles": broken((clock) => (at) => clock.sleepUntil(at)),
  },
});
