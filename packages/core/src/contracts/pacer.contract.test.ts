import { ResultAsync } from "neverthrow";

import { createManualClock, createPermitPacer } from "../in-memory/index.ts";
import type { Clock } from "../ports/clock.ts";
import type { HeldBack, Lane, Learn, Pacer } from "../ports/pacer.ts";
import type { R } from "../ports/result.ts";
import { describePacerContract, pacerContract, type PacerSubject } from "./pacer-contract.ts";
import { describeSabotage } from "./sabotage.ts";

const atOnce = 3;

/** What goes on although nobody waits for it. */
const leaks: unknown[] = [];

const setup = (): PacerSubject => {
  const clock = createManualClock();
  return {
    pacer: createPermitPacer({ permits: atOnce, clock }),
    clock,
    advance: clock.advance,
    lane: { tenantId: "tenant-1", phoneNumberId: "1", to: "+628123456789", isRepeat: false },
    atOnce,
  };
};

type Within = <T, E>(lane: Lane, deadlineAt: Date, attempt: (learn: Learn) => R<T, E>) => R<T, E | HeldBack>;

const broken = (change: (pacer: Pacer, clock: Clock) => Within) => (subject: PacerSubject) => ({
  ...subject,
  pacer: { within: change(subject.pacer, subject.clock) },
});

const isHeldBack = (error: unknown): error is HeldBack =>
  typeof error === "object" && error !== null && "kind" in error && error.kind === "HeldBack";

describePacerContract({ name: "permit pacer", setup });

describeSabotage(pacerContract, {
  setup,
  sabotages: {
    "gives what it gives": broken(
      (pacer) =>
        <T, E>(lane: Lane, deadlineAt: Date, attempt: (learn: Learn) => R<T, E>) =>
          pacer.within(lane, deadlineAt, attempt).map((value) => (value === 5 ? (4 as T) : value)),
    ),
    "takes it back however that ends": broken(
      (pacer) => (lane, deadlineAt, attempt) =>
        pacer.within(lane, deadlineAt, attempt).orTee((error) => {
          if (isHeldBack(error)) return;
          leaks.push(pacer.within(lane, deadlineAt, forever));
        }),
    ),
    "Waits for a permit": broken((pacer, clock) => {
      let underWay = 0;
      async function late<T, E>(lane: Lane, deadlineAt: Date, attempt: (learn: Learn) => R<T, E>) {
        const turnAt = new Date(Math.min(clock.now().getTime() + 5000, deadlineAt.getTime()));
        if ((underWay += 1) > atOnce) await clock.sleepUntil(turnAt);
        try {
          return await pacer.within(lane, deadlineAt, attempt);
        } finally {
          underWay -= 1;
        }
      }
      return (lane, deadlineAt, attempt) => new ResultAsync(late(lane, deadlineAt, attempt));
    }),
    "Runs no more attempts at a time than it has permits for": broken((pacer) => {
      let waiting = 0;
      return (lane, deadlineAt, attempt) => {
        if (waiting >= 3 * atOnce) return attempt();
        waiting += 1;
        return pacer.within(lane, deadlineAt, () => {
          waiting -= 1;
          return attempt();
        });
      };
    }),
    "A permit that cannot be had by `deadlineAt` is `HeldBack` without `attempt` having run": broken(
      (pacer) => (lane, deadlineAt, attempt) =>
        pacer.within(lane, deadlineAt, attempt).orTee((error) => {
          if (isHeldBack(error)) leaks.push(attempt());
        }),
    ),
  },
});

function forever(): R<never, never> {
  return new ResultAsync(new Promise(() => {}));
}
