import { errAsync, ResultAsync } from "neverthrow";

import { throughputLevels } from "../domain/throughput.ts";
import { safeTelemetry } from "../lifecycle/safe-telemetry.ts";
import type { Clock } from "../ports/clock.ts";
import type { NumberRates } from "../ports/number-rates.ts";
import type { RateLimited, RateKey, Pacer, Permit } from "../ports/pacer.ts";
import type { Telemetry, WaitReason } from "../ports/telemetry.ts";
import { byClock } from "../ports/timeline.ts";
import type { Submitted } from "../ports/transport.ts";
import { type Hold, longest } from "./hold.ts";
import { createEvictingMap } from "./evicting-map.ts";
import { createNumberGate, type Started } from "./number/number-gate.ts";
import type { PaceChange } from "./number/number-pace.ts";
import { createPacerLoad, type NumberState, type PacerLoad } from "./pacer-load.ts";
import { createPairLimit } from "./pair/pair-limit.ts";
import { createLead } from "./rate/lead.ts";
import { createRate } from "./rate/rate.ts";
import { createAwaitSlot } from "./slot.ts";
import {
  aheadOf,
  newNumberQueues,
  newPairQueue,
  newTenantShare,
  type NumberQueues,
  type Waiter,
} from "./fairness/waiters.ts";
import { createSharedNumbers } from "./shared/shared-numbers.ts";
import { createRetryBudget } from "./breaker/retry-budget.ts";
import { createScheduler } from "./fairness/scheduler.ts";
import { createSteadyTime } from "../time/steady-time.ts";

/** Options of a pacer. */
export interface PacerOptions {
  readonly clock: Clock;
  /** How many submissions may be in flight at a time. One number gets at most half of them. */
  readonly permits: number;
  /** With `false` the pacer applies no rate limits until WhatsApp throttles. Default: true. */
  readonly rates?: boolean;
  /** How many messages a number may send per second of which nothing else is known. Default: 80. */
  readonly numberPerSecond?: number;
  /** How many a number may send per second, as far as it is known. A credential that says it comes first. Never asked to wait. */
  readonly throughputOf?: (phoneNumberId: string) => number | undefined;
  /** Where the processes that send from the same numbers share their rates. Default: this process sends alone. Without rates it is not asked. */
  readonly numberRates?: NumberRates;
  /** How far ahead slots are booked there, in milliseconds: 1 to 1,000. A process that ends leaves as much unused. Default: 300. */
  readonly bookAheadMs?: number;
  /** How many messages a number may send to one recipient in a burst. Each further one waits six seconds. Default: 5. */
  readonly pairBurst?: number;
  /** Receives `PaceChanged` when a number is throttled, paused or back to normal, and `PermitWaited` for each wait. */
  readonly telemetry?: Telemetry;
}

/** A pacer that says how it is. */
export interface ObservablePacer extends Pacer {
  /** The load at this moment. */
  load(): PacerLoad;
  /** Each number that is known at this moment, in no order. */
  numbers(): readonly NumberState[];
}

type Attempt<T, E> = (permit: Permit) => ResultAsync<T, E>;

/** The `retryAt` of a call that got no permit: when one will be free is unknown. */
const permitRetryMs = 1000;

/**
 * Keeps each number within WhatsApp's limits, and stops sending while WhatsApp fails. A wait of one number, recipient or tenant
 * never delays another. Throws a `RangeError` for an option that is not a whole number above 0.
 *
 * @example
 * const pacer = createPacer({ clock, permits: 256, numberPerSecond: 80 });
 */
export function createPacer(options: PacerOptions): ObservablePacer {
  const {
    clock,
    permits,
    rates = true,
    numberPerSecond = throughputLevels.STANDARD,
    pairBurst = 5,
    throughputOf,
    numberRates,
    bookAheadMs = 300,
  } = options;
  const telemetry = safeTelemetry(options.telemetry);
  const time = createSteadyTime(clock);
  for (const [name, value] of Object.entries({ permits, numberPerSecond, pairBurst, bookAheadMs })) {
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} must be a whole number above 0`);
  }
  const pairLimit = createPairLimit(rates ? pairBurst : undefined);
  const scheduler = createScheduler({ time, permits, pairLimit, inOrder: rates });
  const budget = createRetryBudget();
  const lead = createLead();
  const awaitSlot = createAwaitSlot({ time, lead });
  if (bookAheadMs > 1000) throw new RangeError("bookAheadMs must be at most 1,000");
  const shared =
    rates && numberRates && createSharedNumbers({ numberRates, aheadMs: bookAheadMs, time, lead, scheduler });
  const numbers = createEvictingMap(
    numberOf,
    ({ gate, held, queues, waiting }, now) => held === 0 && queues.size === 0 && !waiting.first && gate.isIdle(now),
  );
  const pairs = createEvictingMap(
    newPairQueue,
    ({ debt, isBusy, waiting }, now) => !isBusy && !waiting && pairLimit.isIdle(debt, now),
  );
  const tenants = createEvictingMap(newTenantShare, ({ held, waiting }) => held === 0 && waiting === 0);

  function numberOf(phoneNumberId: string): NumberQueues {
    const number: NumberQueues = newNumberQueues(gateOf(phoneNumberId, () => number));
    return number;
  }

  function gateOf(phoneNumberId: string, queues: () => NumberQueues) {
    const onPaceChange = ({ until, ...change }: PaceChange) =>
      telemetry.record({
        kind: "PaceChanged",
        phoneNumberId,
        ...change,
        ...(until !== undefined && { until: time.toWall(until) }),
      });
    const sharing = shared && shared.share(phoneNumberId, numberPerSecond, queues);
    const own = rates && !sharing ? createRate(numberPerSecond) : undefined;
    return createNumberGate({
      phoneNumberId,
      rate: sharing ? sharing.rate : own,
      onPause: sharing ? sharing.onPause : undefined,
      knownPerSecond: throughputOf && (() => throughputOf(phoneNumberId)),
      budget: budget.createShare(),
      lead,
      onPaceChange,
    });
  }

  /** The last submission that `refusal` let pass, until the next look-up, which may evict its queues. Most ask for a permit at once. */
  let asked: Waiter | undefined;

  function waiterOf(rateKey: RateKey, now: number): Waiter {
    const known = asked;
    asked = undefined;
    if (known?.rateKey === rateKey) return known;
    const number = numbers.get(rateKey.phoneNumberId, now);
    number.gate.noteLimit(rateKey, now);
    return {
      rateKey,
      tenant: tenants.get(rateKey.tenantId, now),
      number,
      pair: pairs.get(`${rateKey.phoneNumberId} ${rateKey.to}`, now),
      deadline: Infinity,
      wake: undefined,
      denied: undefined,
      started: undefined,
      queuePlace: undefined,
      waitingPlace: undefined,
      queue: undefined,
    };
  }

  /** Why it has to wait; undefined if it only lacks a permit. */
  function holdOf({ rateKey, number, pair }: Waiter, now: number): Hold | undefined {
    const inPair = (pair.waiting?.queue.size ?? 0) + (pair.isBusy && !pair.isCounted ? 1 : 0);
    const hold = longest([
      ...number.gate.holds(aheadOf(rateKey, number), rateKey, now),
      pairLimit.hold(pair.debt, inPair, now),
    ]);
    return hold && (hold.until > now || hold.cause === "outage") ? hold : undefined;
  }

  function rateLimited({ number }: Waiter, hold: Hold | undefined, now: number): RateLimited {
    const retryAt = now + permitRetryMs;
    if (!hold) {
      const reason = `no permit is free for this number, which holds ${number.held} of ${permits}`;
      return { kind: "RateLimited", retryAt: time.toWall(retryAt), cause: "limit", reason };
    }
    const { cause, reason, waitsFor } = hold;
    const until = hold.until > now ? hold.spread(hold.until) : retryAt;
    const only = waitsFor === "pair" ? "recipient" : waitsFor === "retry_budget" ? "retries" : undefined;
    return { kind: "RateLimited", retryAt: time.toWall(until), cause, ...(only && { only }), reason };
  }

  /** The error for a wait that is known to be pointless. */
  function refusalOf(waiter: Waiter, now: number, known = holdOf(waiter, now)): RateLimited | undefined {
    return known && (known.cause === "outage" || known.until > waiter.deadline)
      ? rateLimited(waiter, known, now)
      : undefined;
  }

  /** Whether it waits for the end of an earlier submission to its recipient. */
  function isBehindPair({ pair }: Waiter): boolean {
    return pair.waiting !== undefined || (rates && pair.isBusy);
  }

  function end(waiter: Waiter, hasReported: boolean): void {
    const now = time.now();
    if (!hasReported && waiter.started) waiter.number.gate.reportNothing(waiter.started, now);
    if (waiter.started) waiter.number.gate.ended(waiter.started);
    waiter.pair.isCounted = false;
    scheduler.release(waiter, now);
  }

  function withPermit<T, E>(
    rateKey: RateKey,
    deadlineAt: Date,
    attempt: Attempt<T, E>,
  ): ResultAsync<T, E | RateLimited> {
    const startedAt = time.now();
    const waiter = waiterOf(rateKey, startedAt);
    scheduler.startNow(waiter, startedAt);
    if (waiter.started) return run(waiter, waiter.started, attempt);
    waiter.deadline = time.of(deadlineAt);
    return waitAndRun(waiter, attempt, startedAt);
  }

  /** Waits for a permit until the deadline. Returns the error if there is none, at once if that is known in advance. */
  function waitAndRun<T, E>(
    waiter: Waiter,
    attempt: Attempt<T, E>,
    startedAt: number,
  ): ResultAsync<T, E | RateLimited> {
    const hold = holdOf(waiter, startedAt);
    const reason = hold?.waitsFor ?? (isBehindPair(waiter) ? "pair" : "permit");
    const refusal = hold && refusalOf(waiter, startedAt, hold);
    if (refusal) {
      recordWait(waiter, reason, startedAt);
      return errAsync(refusal);
    }
    const woken = new Promise<void>((wake) => (waiter.wake = wake));
    scheduler.enqueue(waiter, startedAt);
    const ended = woken.then((): ResultAsync<T, E | RateLimited> => {
      recordWait(waiter, reason, startedAt);
      return waiter.started ? run(waiter, waiter.started, attempt) : errAsync(giveUp(waiter));
    });
    return new ResultAsync(ended);
  }

  function giveUp(waiter: Waiter): RateLimited {
    const now = time.now();
    scheduler.cancel(waiter, now);
    return rateLimited(waiter, waiter.denied ?? holdOf(waiter, now), now);
  }

  function recordWait({ rateKey, started }: Waiter, reason: WaitReason, startedAt: number): void {
    const { phoneNumberId } = rateKey;
    const waitedMs = time.now() - startedAt;
    telemetry.record({ kind: "PermitWaited", phoneNumberId, reason, waitedMs, granted: started !== undefined });
  }

  /** Runs the attempt of a submission that has its permit. */
  function run<T, E>(waiter: Waiter, started: Started, attempt: Attempt<T, E>): ResultAsync<T, E> {
    let hasReported = false;
    const permit: Permit = {
      reportOutcome(submitted) {
        if (hasReported) return;
        hasReported = true;
        report(waiter, started, submitted);
      },
      awaitSlot: () => awaitSlot(waiter.number.gate, started),
    };
    const ended = (): void => end(waiter, hasReported);
    try {
      const attempted = attempt(permit);
      attempted.then(ended, ended);
      return attempted;
    } catch (error) {
      ended();
      return new ResultAsync(Promise.reject(error as Error));
    }
  }

  function report({ pair, number }: Waiter, started: Started, submitted: Submitted): void {
    const now = time.now();
    pairLimit.reportOutcome(pair.debt, submitted, started.at, now);
    pair.isCounted = true;
    const pausedUntil = number.gate.pausedUntil(now);
    number.gate.reportOutcome(submitted, started, now);
    const until = number.gate.pausedUntil(now);
    if (until > pausedUntil) scheduler.wakeBefore(number, until);
  }

  const pacer: ObservablePacer = {
    ...createPacerLoad({ time, numbers, tenants, numberRates: rates ? numberRates : undefined }),
    withPermit,
    refusal(rateKey, deadlineAt) {
      const now = time.now();
      const waiter = waiterOf(rateKey, now);
      if (scheduler.canStartNow(waiter, now)) {
        asked = waiter;
        return undefined;
      }
      waiter.deadline = time.of(deadlineAt);
      return refusalOf(waiter, now);
    },
  };
  return byClock(pacer, clock);
}
