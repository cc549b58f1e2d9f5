import { clampRetryAfter } from "../../domain/retry-policy.ts";
import type { RateKey } from "../../ports/pacer.ts";
import type { Submitted, Usage } from "../../ports/transport.ts";
import { createBreaker, failedUpstream } from "../breaker/breaker.ts";
import type { Hold } from "../hold.ts";
import { createRate, windowMs } from "../rate/rate.ts";
import type { RetryShare } from "../breaker/retry-budget.ts";
import { createReturnTimes } from "../return-times.ts";

/** A submission that a gate let through. */
export interface Passage {
  readonly at: number;
  readonly isProbe: boolean;
}

/** What the gate's limits distinguish. */
export type Kind = Pick<RateKey, "isRepeat" | "isQueued">;

/** How a gate stands, when that changes. */
export interface PaceChange {
  readonly state: "open" | "slowed" | "closed";
  readonly reason: string;
  readonly until?: number;
}

/** What leaves one phone number: open at a rate, slowed, or closed until a time. Learns from WhatsApp's answers to that number. */
export interface NumberGate {
  /** When a submission may go; in the past where it may now. */
  opensAt(kind: Kind, now: number): number;
  /** The same for one who stands in line. */
  turnAt(kind: Kind, now: number): number;
  /** Until when nobody may wait for it: for ever while its circuit breaker is open; in the past where everybody may. */
  closedUntil(now: number): number;
  /** What keeps somebody with `ahead` others of their kind before them. */
  holds(ahead: number, kind: Kind, now: number): readonly Hold[];
  enter(kind: Kind, now: number): Passage;
  lineEnded(): void;
  reportOutcome(submitted: Submitted, passage: Passage, now: number): void;
  /** The submission ended without an outcome to report. */
  reportNothing(passage: Passage, now: number): void;
  isIdle(now: number): boolean;
}

const maintenanceMs = 60_000;
/** What a limit that was hit closes the gate for where there is no rate to halve. */
const unratedPauseMs = 1000;
/** Meta counts what an app and an account may call by the hour. */
const longestRegainMs = 3_600_000;
const forgottenAfterMs = 300_000;
/** How long a number counts as throttled: then its repeats wait for their budget, as they do for its rate. */
const throttledMs = 60_000;
/** When a repeat should come back that is refused because WhatsApp fails, though the circuit breaker is closed. */
const refusedMs = 5000;
/** Callers are spread over this after an outage, however many they are: each costs WhatsApp nothing until it works again. */
const callersReturnMs = 10_000;
/** How far apart they come back after an outage where there is no rate: a long queue must not return all at once. */
const unratedReturnMs = 2;

export function createNumberGate(
  phoneNumberId: string,
  perSecond: number | undefined,
  budget: RetryShare,
  tell: (change: PaceChange) => void,
): NumberGate {
  const rate = perSecond === undefined ? undefined : createRate(perSecond);
  const breaker = createBreaker();
  let closed = { since: 0, until: 0, reason: "" };
  let throttledAt = -Infinity;
  let state: PaceChange["state"] = "open";
  let usedAt = 0;
  const returnAt = createReturnTimes(rate ? windowMs / rate.limit : 0);
  const queueReturnsAt = createReturnTimes(rate ? windowMs / rate.limit : unratedReturnMs);
  const callerReturnsAt = createReturnTimes(rate ? windowMs / rate.limit : unratedReturnMs, callersReturnMs);

  function change(next: PaceChange): void {
    state = next.state;
    tell(next);
  }

  function close(forMs: number, reason: string, now: number): void {
    if (now + forMs <= closed.until) return;
    closed = { since: now, until: now + forMs, reason };
    change({ state: "closed", reason, until: closed.until });
  }

  function slow(since: number, reason: string, now: number): void {
    if (!rate) {
      if (since >= closed.since) close(unratedPauseMs, reason, now);
    } else if (rate.slow(since, now)) tellOfRate(reason, now);
  }

  function tellOfRate(reason: string, now: number): void {
    if (now < closed.until) return;
    const present = rate?.perSecond(now);
    change({ state: "slowed", reason: `${reason}; ${present} messages a second for now` });
  }

  function heed(usage: readonly Usage[], now: number): void {
    const percent = Math.max(0, ...usage.map((one) => one.percent));
    const regainMs = Math.max(0, ...usage.map((one) => one.regainAfterMs ?? 0));
    rate?.heed(percent, now);
    const reason = `WhatsApp says that ${Math.round(percent)} % of a limit is used up`;
    if (regainMs > 0) close(Math.min(regainMs, longestRegainMs), reason, now);
    else if (rate && state === "open" && rate.perSecond(now) < rate.limit) tellOfRate(reason, now);
  }

  function heedThrottle(submitted: Extract<Submitted, { kind: "Throttled" }>, since: number, now: number): void {
    const { scope, failure, usage } = submitted;
    const limit = scope === "maintenance" ? "the account is in maintenance" : `the ${scope}'s limit is reached`;
    const reason = `WhatsApp says that ${limit}${failure.code === undefined ? "" : ` (${failure.code})`}`;
    const askedMs = clampRetryAfter(submitted.retryAfterMs);
    if (scope === "number") slow(since, reason, now);
    else if (scope === "maintenance") close(askedMs || maintenanceMs, reason, now);
    else if (askedMs > 0) close(askedMs, reason, now);
    else if (!rate || !usage?.length) slow(since, reason, now);
  }

  /** What was closed or slowed is open again once its time has passed, which nobody is woken for. */
  function noticeOpen(now: number): void {
    if (state === "open" || now < closed.until || breaker.outage(now)) return;
    if (!rate || rate.perSecond(now) === rate.limit)
      change({ state: "open", reason: "nothing is held against it any more" });
  }

  function isCallsRepeat({ isRepeat, isQueued = false }: Kind): boolean {
    return isRepeat && !isQueued;
  }

  /** A call that failed already is never the probe, which may hang: it ends at once. */
  function endsAtOnce(kind: Kind, now: number): boolean {
    return isCallsRepeat(kind) && breaker.endsRepeats(now);
  }

  function probeAt(kind: Kind, now: number): number {
    const outage = breaker.outage(now);
    if (!outage) return 0;
    return isCallsRepeat(kind) ? Infinity : outage.probeAt;
  }

  function latest(rateAt: number | undefined, kind: Kind, now: number): number {
    return Math.max(closed.until, probeAt(kind, now), rateAt ?? 0, kind.isRepeat ? budget.opensAt(now) : 0);
  }

  /** WhatsApp fails, and nobody waits for that: when they should come back, and why. */
  function outageHold(kind: Kind, now: number): { until: number; reason: string } | undefined {
    const outage = breaker.outage(now);
    if (outage) return { until: Math.max(outage.probeAt, closed.until), reason: outage.reason };
    const until = now + refusedMs;
    if (endsAtOnce(kind, now)) return { until, reason: "WhatsApp failed when it was tried again" };
    if (!kind.isRepeat || budget.opensAt(now) <= now) return undefined;
    if (now < throttledAt + throttledMs && !breaker.failedLately(now)) return undefined;
    return { until, reason: "WhatsApp is failing, and the retry budget is used up" };
  }

  return {
    opensAt: (kind, now) => (endsAtOnce(kind, now) ? Infinity : latest(rate?.opensAt(now), kind, now)),
    turnAt: (kind, now) => latest(rate?.turnAt(now), kind, now),
    closedUntil: (now) => (breaker.outage(now) ? Infinity : closed.until),

    holds(ahead, kind, now) {
      const named = (reason: string): string => `number ${phoneNumberId}: ${reason}`;
      const outage = outageHold(kind, now);
      if (outage) {
        const spread = kind.isQueued ? queueReturnsAt : callerReturnsAt;
        return [{ until: outage.until, cause: "outage", reason: named(outage.reason), returnAt: spread }];
      }
      const holds: Hold[] = [];
      const hold = (until: number, reason: string) =>
        holds.push({ until, cause: "limit", reason: named(reason), returnAt });
      const opensAt = Math.max(now, closed.until);
      const turnAt = rate ? Math.max(rate.expectedAt(ahead, opensAt), rate.opensAt(now)) : opensAt;
      if (closed.until > now) hold(turnAt, closed.reason);
      else if (rate && turnAt > now) {
        hold(turnAt, `${ahead} go before it, and ${rate.perSecond(now)} a second is the most that it sends`);
      }
      const repeatAt = kind.isRepeat ? budget.expectedAt(ahead, now) : 0;
      if (repeatAt > now) hold(repeatAt, `${ahead} repeats go before it, and as many were made as may be for now`);
      return holds;
    },

    enter({ isRepeat }, now) {
      noticeOpen(now);
      usedAt = now;
      rate?.take(now);
      budget.take(isRepeat, now);
      return { at: now, isProbe: breaker.enter(now) };
    },

    lineEnded: () => rate?.lineEnded(),

    reportOutcome(submitted, passage, now) {
      rate?.answered(passage.at, now);
      const failed = failedUpstream(submitted);
      budget.reportOutcome(failed);
      const outage = breaker.reportOutcome(failed, passage, now) === "opened" && breaker.outage(now);
      if (outage) change({ state: "closed", reason: outage.reason, until: outage.probeAt });
      if (submitted.usage?.length) heed(submitted.usage, now);
      if (submitted.kind === "Throttled") {
        throttledAt = now;
        if (submitted.scope !== "pair") heedThrottle(submitted, passage.at, now);
      }
      noticeOpen(now);
    },

    reportNothing: (passage, now) => breaker.reportNothing(passage, now),

    isIdle: (now) => now >= Math.max(usedAt + forgottenAfterMs, closed.until),
  };
}
