import { errAsync, ResultAsync } from "neverthrow";

import { createManualClock } from "../../in-memory/index.ts";
import { createPacer, type PacerOptions } from "../../pacing/pacer.ts";
import { type Clock, toMonotonicMs, toWallTime } from "../../ports/clock.ts";
import type { RateLimited, RateKey, Pacer, Permit } from "../../ports/pacer.ts";
import { describePacerContract, pacerContract } from "./contract.ts";
import { pacerRateCases } from "./rate-cases.ts";
import type { PacerSubject } from "./subject.ts";
import { describeSabotage } from "../sabotage.ts";

const atOnce = 3;

/** What goes on although nobody waits for it. */
const leaks: unknown[] = [];

const rateKey: RateKey = { tenantId: "tenant-1", phoneNumberId: "1", to: "+628123456789", isRetry: false };

const setupWith = (options: Omit<PacerOptions, "clock">, atOnceInLane: number) => (): PacerSubject => {
  const clock = createManualClock();
  return {
    pacer: createPacer({ clock, ...options }),
    clock,
    advance: clock.advance,
    shiftWallClock: clock.stepWall,
    rateKey,
    atOnce: atOnceInLane,
  };
};

const unpaced: Permit = { reportOutcome: () => {}, awaitSlot: () => undefined };

/** One number may have no more permits than it leaves free: three of five. */
const setup = setupWith({ permits: 5, rates: false }, atOnce);

type Within = <T, E>(
  rateKey: RateKey,
  deadlineAt: Date,
  attempt: (permit: Permit) => ResultAsync<T, E>,
) => ResultAsync<T, E | RateLimited>;

const broken = (change: (pacer: Pacer, clock: Clock) => Within) => (subject: PacerSubject) => ({
  ...subject,
  pacer: { ...subject.pacer, withPermit: change(subject.pacer, subject.clock) },
});

const isRateLimited = (error: unknown): error is RateLimited =>
  typeof error === "object" && error !== null && "kind" in error && error.kind === "RateLimited";

/** A pacer without rates knows no figures. */
const rateTests = pacerRateCases.map(({ name }) => name);
const skip = [{ reason: "it has no rates", tests: rateTests }];
const withRates = setupWith({ permits: 5 }, 1);

describePacerContract({ name: "pacer without rates", setup, skip });
describePacerContract({ name: "pacer", setup: withRates });
describePacerContract({ name: "pacer with one permit", setup: setupWith({ permits: 1, rates: false }, 1), skip });

describeSabotage(pacerContract, {
  setup: withRates,
  skip: [
    {
      reason: "proved without rates",
      tests: pacerContract.cases.map(({ name }) => name).filter((name) => !rateTests.includes(name)),
    },
  ],
  sabotages: {
    "A number keeps to `numberPerSecond` from the next call on that says another figure": broken((pacer) => {
      const first = new Map<string, number | undefined>();
      return (rateKey, deadlineAt, attempt) => {
        const { outletId = "", numberPerSecond } = rateKey;
        if (!first.has(outletId)) first.set(outletId, numberPerSecond);
        const { numberPerSecond: _, ...rest } = rateKey;
        const figure = first.get(outletId);
        const stale = figure === undefined ? rest : { ...rest, numberPerSecond: figure };
        return pacer.withPermit(stale, deadlineAt, attempt);
      };
    }),
    "Where its outlets say different figures, it keeps to the lowest": broken(
      (pacer) => (rateKey, deadlineAt, attempt) => {
        const { outletId: _, ...rest } = rateKey;
        return pacer.withPermit(rest, deadlineAt, attempt);
      },
    ),
    "It keeps to it however long an attempt takes to get ready": broken(
      (pacer) => (rateKey, deadlineAt, attempt) =>
        pacer.withPermit(rateKey, deadlineAt, (permit) => attempt({ ...permit, awaitSlot: () => undefined })),
    ),
  },
});

describeSabotage(pacerContract, {
  setup,
  skip,
  sabotages: {
    "A change of the wall clock while it waits does not matter": broken((pacer, clock) => {
      async function byWallClock<T, E>(
        rateKey: RateKey,
        deadlineAt: Date,
        attempt: (permit: Permit) => ResultAsync<T, E>,
      ) {
        const answer = await pacer.withPermit(rateKey, deadlineAt, attempt);
        const leftMs = deadlineAt.getTime() - clock.now().getTime();
        const isLimited = answer.isErr() && isRateLimited(answer.error) && answer.error.cause === "limit";
        if (isLimited) await clock.sleep(leftMs);
        return answer;
      }
      return (rateKey, deadlineAt, attempt) => new ResultAsync(byWallClock(rateKey, deadlineAt, attempt));
    }),
    "returns its result": broken(
      (pacer) =>
        <T, E>(...call: [rateKey: RateKey, deadlineAt: Date, attempt: (permit: Permit) => ResultAsync<T, E>]) =>
          pacer.withPermit(...call).map((value) => (value === 5 ? (4 as T) : value)),
    ),
    "releases the permit however the attempt ends": broken(
      (pacer) => (rateKey, deadlineAt, attempt) =>
        pacer.withPermit(rateKey, deadlineAt, attempt).orTee((error) => {
          if (isRateLimited(error)) return;
          leaks.push(pacer.withPermit(rateKey, deadlineAt, forever));
        }),
    ),
    "Waits for a permit": broken((pacer, clock) => {
      let underWay = 0;
      async function late<T, E>(rateKey: RateKey, deadlineAt: Date, attempt: (permit: Permit) => ResultAsync<T, E>) {
        const deadlineMs = toMonotonicMs(clock, deadlineAt);
        if ((underWay += 1) > atOnce) await clock.sleep(Math.min(5000, deadlineMs - clock.monotonicMs()));
        try {
          return await pacer.withPermit(rateKey, toWallTime(clock, deadlineMs), attempt);
        } finally {
          underWay -= 1;
        }
      }
      return (rateKey, deadlineAt, attempt) => new ResultAsync(late(rateKey, deadlineAt, attempt));
    }),
    "Never runs more attempts together than it has permits": broken((pacer) => {
      let waiting = 0;
      let tooMany = 0;
      return (rateKey, deadlineAt, attempt) => {
        if (waiting >= 3 * atOnce && (tooMany += 1) <= 2 * atOnce) return attempt(unpaced);
        waiting += 1;
        return pacer.withPermit(rateKey, deadlineAt, (permit) => {
          waiting -= 1;
          return attempt(permit);
        });
      };
    }),
    "Where there is no permit by `deadlineAt` the answer is `RateLimited` and `attempt` does not run": broken(
      (pacer) => (rateKey, deadlineAt, attempt) =>
        pacer.withPermit(rateKey, deadlineAt, attempt).orTee((error) => {
          if (isRateLimited(error) && error.cause === "limit") leaks.push(attempt(unpaced));
        }),
    ),
    "`attempt` gets a permit, to report how WhatsApp answered": broken(
      (pacer) => (rateKey, deadlineAt, attempt) =>
        pacer.withPermit(rateKey, deadlineAt, (permit) =>
          attempt({
            ...permit,
            reportOutcome(submitted) {
              if (submitted.kind === "Throttled") throw new Error("not expected");
              permit.reportOutcome(submitted);
            },
          }),
        ),
    ),
    "an attempt that reports nothing changes nothing": broken((pacer, clock) => {
      let silent = 0;
      return <T, E>(rateKey: RateKey, deadlineAt: Date, attempt: (permit: Permit) => ResultAsync<T, E>) => {
        silent += 1;
        return silent <= 60
          ? pacer.withPermit(rateKey, deadlineAt, (permit) =>
              attempt({
                ...permit,
                reportOutcome(submitted) {
                  silent = 0;
                  permit.reportOutcome(submitted);
                },
              }),
            )
          : errAsync<T, E | RateLimited>({
              kind: "RateLimited",
              retryAt: clock.now(),
              cause: "outage",
              reason: "silence",
            });
      };
    }),
    "Nobody waits for an outage": broken((pacer, clock) => {
      let next = 0;
      return (rateKey, deadlineAt, attempt) =>
        pacer.withPermit(rateKey, deadlineAt, attempt).orElse((error) => {
          if (!isRateLimited(error) || error.cause !== "outage") return errAsync(error);
          const told = clock.sleep((next += 1) % 2);
          return ResultAsync.fromSafePromise(told).andThen(() => errAsync(error));
        });
    }),
    "one attempt from time to time probes whether it still fails": broken((pacer) => {
      let denied = 0;
      return (rateKey, deadlineAt, attempt) =>
        pacer
          .withPermit(rateKey, deadlineAt, attempt)
          .orElse((error) => (isRateLimited(error) && (denied += 1) > 100 ? attempt(unpaced) : errAsync(error)));
    }),
    "What `withPermit` would answer at once if it were called now": (subject) => ({
      ...subject,
      pacer: { ...subject.pacer, refusal: () => undefined },
    }),
    "What holds back or slows down all that each of these numbers sends; the others are absent. It changes nothing": [
      (subject) => ({ ...subject, pacer: { ...subject.pacer, slowdowns: async () => new Map() } }),
      (subject) => ({
        ...subject,
        pacer: {
          ...subject.pacer,
          slowdowns: async () => (await subject.pacer.slowdowns?.([subject.rateKey.phoneNumberId])) ?? new Map(),
        },
      }),
    ],
  },
});

function forever(): ResultAsync<never, never> {
  return new ResultAsync(new Promise(() => {}));
}
