import { err, type Result, ResultAsync } from "neverthrow";

import { safeTelemetry } from "../lifecycle/safe-telemetry.ts";
import type { Clock } from "../ports/clock.ts";
import type { RateLimited, RateKey, ReportOutcome, Pacer } from "../ports/pacer.ts";
import type { R } from "../ports/result.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { byClock } from "../ports/timeline.ts";
import type { Submitted } from "../ports/transport.ts";
import { type Hold, longest } from "./hold.ts";
import { createMemory } from "./memory.ts";
import { createNumberGate, type PaceChange } from "./number/number-gate.ts";
import { createPairLimit } from "./pair/pair-limit.ts";
import { aheadOf, numberPlace, pairPlace, tenantPlace, type Visit } from "./fairness/places.ts";
import { createRetryBudget } from "./breaker/retry-budget.ts";
import { createScheduler } from "./fairness/scheduler.ts";
import { createSteadyTime } from "../time/steady-time.ts";

export interface PacerOptions {
  readonly clock: Clock;
  /** How many submissions may be under way at a time. One number may have up to half of them. */
  readonly permits: number;
  /** `false`: nothing is slowed down before WhatsApp says so. Default: true. */
  readonly rates?: boolean;
  /** How many messages a number may send in a second. Default: 80. */
  readonly numberPerSecond?: number;
  /** How many messages may follow each other to one recipient before the six seconds of each are waited for. Default: 5. */
  readonly pairBurst?: number;
  /** Is told when a number is slowed, closed or open again. */
  readonly telemetry?: Telemetry;
}

/** A permit was not free; when one will be nobody knows. */
const permitRetryMs = 1000;

/**
 * Keeps what leaves each number within WhatsApp's limits, and away from a WhatsApp that fails. What one number, recipient or
 * tenant has to wait for never costs another.
 */
export function createPacer(options: PacerOptions): Pacer {
  const { clock, permits, rates = true, numberPerSecond = 80, pairBurst = 5 } = options;
  const telemetry = safeTelemetry(options.telemetry);
  const time = createSteadyTime(clock);
  for (const [name, value] of Object.entries({ permits, numberPerSecond, pairBurst })) {
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} must be a whole number above 0`);
  }
  const pairLimit = createPairLimit(rates ? pairBurst : undefined);
  const scheduler = createScheduler({ time, permits, pairLimit, inOrder: rates });
  const budget = createRetryBudget();
  const numbers = createMemory(
    (phoneNumberId) => numberPlace(gateOf(phoneNumberId)),
    ({ gate, held, lines, waiting }, now) => held === 0 && lines.size === 0 && !waiting.first && gate.isIdle(now),
  );
  const pairs = createMemory(
    pairPlace,
    ({ debt, isBusy, waiting }, now) => !isBusy && !waiting && pairLimit.isIdle(debt, now),
  );
  const tenants = createMemory(tenantPlace, ({ held, waiting }) => held === 0 && waiting === 0);

  function gateOf(phoneNumberId: string) {
    const tell = ({ until, ...change }: PaceChange) =>
      telemetry.record({
        kind: "PaceChanged",
        phoneNumberId,
        ...change,
        ...(until !== undefined && { until: time.toWall(until) }),
      });
    return createNumberGate(phoneNumberId, rates ? numberPerSecond : undefined, budget.createShare(), tell);
  }

  function visitOf(rateKey: RateKey, deadlineAt: Date, now: number): Visit {
    return {
      rateKey,
      tenant: tenants.get(rateKey.tenantId, now),
      number: numbers.get(rateKey.phoneNumberId, now),
      pair: pairs.get(`${rateKey.phoneNumberId} ${rateKey.to}`, now),
      deadline: time.of(deadlineAt),
    };
  }

  /** What keeps it by all that is known; undefined where that is nothing but a want of permits. */
  function holdOf({ rateKey, number, pair }: Visit, now: number): Hold | undefined {
    const inPair = (pair.waiting?.queue.size ?? 0) + (pair.isBusy && !pair.isCounted ? 1 : 0);
    const hold = longest([
      ...number.gate.holds(aheadOf(rateKey, number), rateKey, now),
      pairLimit.hold(pair.debt, inPair, now),
    ]);
    return hold && (hold.until > now || hold.cause === "outage") ? hold : undefined;
  }

  function rateLimited({ number }: Visit, hold: Hold | undefined, now: number): RateLimited {
    const retryAt = now + permitRetryMs;
    if (!hold) {
      const reason = `no permit is free, and ${number.held} of ${permits} are held by the same number`;
      return { kind: "RateLimited", until: time.toWall(retryAt), cause: "limit", reason };
    }
    const { cause, reason } = hold;
    const until = hold.until > now ? hold.returnAt(hold.until) : retryAt;
    return { kind: "RateLimited", until: time.toWall(until), cause, reason };
  }

  /** Why it is not worth to wait, where that is known. */
  function refusalOf(visit: Visit, now: number): RateLimited | undefined {
    const known = holdOf(visit, now);
    return known && (known.cause === "outage" || known.until > visit.deadline)
      ? rateLimited(visit, known, now)
      : undefined;
  }

  /** Gives why there is no passage, where there is none by the deadline: at once where that is known. */
  async function wait(visit: Visit): Promise<RateLimited | undefined> {
    const startedAt = time.now();
    const refusal = refusalOf(visit, startedAt);
    if (refusal) return refusal;
    const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
    visit.wake = wake;
    scheduler.enqueue(visit, startedAt);
    if (!visit.passage) await time.sleepUntil(visit.deadline, woken);
    if (visit.passage) return undefined;
    const now = time.now();
    scheduler.withdraw(visit, now);
    return rateLimited(visit, holdOf(visit, now), now);
  }

  function end(visit: Visit, hasReported: boolean): void {
    const now = time.now();
    if (!hasReported && visit.passage) visit.number.gate.reportNothing(visit.passage, now);
    visit.pair.isCounted = false;
    scheduler.release(visit, now);
  }

  async function run<T, E>(
    rateKey: RateKey,
    deadlineAt: Date,
    attempt: (reportOutcome: ReportOutcome) => R<T, E>,
  ): Promise<Result<T, E | RateLimited>> {
    const startedAt = time.now();
    const visit = visitOf(rateKey, deadlineAt, startedAt);
    const { number } = visit;
    scheduler.admit(visit, startedAt);
    if (!visit.passage) {
      const denied = await wait(visit);
      if (denied) return err(denied);
    }
    let hasReported = false;
    const reportOutcome = (submitted: Submitted): void => {
      if (hasReported || !visit.passage) return;
      hasReported = true;
      const now = time.now();
      pairLimit.reportOutcome(visit.pair.debt, submitted, visit.passage.at, now);
      visit.pair.isCounted = true;
      const closedUntil = number.gate.closedUntil(now);
      number.gate.reportOutcome(submitted, visit.passage, now);
      const until = number.gate.closedUntil(now);
      if (until > closedUntil) scheduler.giveUp(number, until);
    };
    try {
      return await attempt(reportOutcome);
    } finally {
      end(visit, hasReported);
    }
  }

  const pacer: Pacer = {
    withPermit: (rateKey, deadlineAt, attempt) => new ResultAsync(run(rateKey, deadlineAt, attempt)),
    refusal(rateKey, deadlineAt) {
      const now = time.now();
      const visit = visitOf(rateKey, deadlineAt, now);
      return scheduler.mayGoAtOnce(visit, now) ? undefined : refusalOf(visit, now);
    },
  };
  return byClock(pacer, clock);
}
