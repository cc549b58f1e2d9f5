import { clampRetryAfter } from "../../domain/retry-policy.ts";
import type { RateKey } from "../../ports/pacer.ts";
import type { Submitted, Usage } from "../../ports/transport.ts";
import { createBreaker, failedUpstream } from "../breaker/breaker.ts";
import type { Hold } from "../hold.ts";
import { createRate, windowMs } from "../rate/rate.ts";
import type { RetryShare } from "../breaker/retry-budget.ts";
import { createRetrySpread } from "../retry-spread.ts";

/** A submission that the number let start. `isProbe`: it tests whether WhatsApp works again. */
export interface Permit {
  readonly at: number;
  readonly isProbe: boolean;
}

/** The kinds of submission that have limits of their own. */
export type Kind = Pick<RateKey, "isRetry" | "isQueued">;

/** A number's pace, each time that it changes. */
export interface PaceChange {
  readonly state: "normal" | "throttled" | "paused";
  readonly reason: string;
  readonly until?: number;
}

/**
 * The limits of one phone number: its rate, its circuit breaker and its share of the retry budget. Its pace is normal, throttled
 * (at a lower rate) or paused until a time, by what WhatsApp answers to that number.
 */
export interface NumberGate {
  /** When a submission that did not queue may start; in the past where it may now. */
  allowedAt(kind: Kind, now: number): number;
  /** The same for one that queued. */
  queuedAllowedAt(kind: Kind, now: number): number;
  /** Until when the number is paused: `Infinity` while its circuit breaker is open, in the past where it is not paused. */
  pausedUntil(now: number): number;
  /** What a submission has to wait for that has `ahead` others of its kind before it. */
  holds(ahead: number, kind: Kind, now: number): readonly Hold[];
  start(kind: Kind, now: number): Permit;
  queueEmptied(): void;
  reportOutcome(submitted: Submitted, permit: Permit, now: number): void;
  /** The submission ended and reported no outcome. */
  reportNothing(permit: Permit, now: number): void;
  isIdle(now: number): boolean;
}

const maintenanceMs = 60_000;
/** How long a number pauses after a limit was reached, where it has no rate to halve. */
const unratedPauseMs = 1000;
/** Meta counts the calls of an app and of an account by the hour. */
const longestRegainMs = 3_600_000;
const forgottenAfterMs = 300_000;
/** How long a number counts as throttled. Meanwhile its retries wait for their budget instead of being refused. */
const throttledMs = 60_000;
/** When a retry should come back that is refused because WhatsApp fails, while the circuit breaker is closed. */
const refusedMs = 5000;
/** After an outage callers come back spread over this time, however many there are. */
const callersReturnMs = 10_000;
/** How far apart they come back where there is no rate: a long queue must not return all at once. */
const unratedReturnMs = 2;

export function createNumberGate(
  phoneNumberId: string,
  perSecond: number | undefined,
  budget: RetryShare,
  onChange: (change: PaceChange) => void,
): NumberGate {
  const rate = perSecond === undefined ? undefined : createRate(perSecond);
  const breaker = createBreaker();
  let paused = { since: 0, until: 0, reason: "" };
  let throttledAt = -Infinity;
  let pace: PaceChange["state"] = "normal";
  let usedAt = 0;
  const spread = createRetrySpread(rate ? windowMs / rate.limit : 0);
  const queueSpread = createRetrySpread(rate ? windowMs / rate.limit : unratedReturnMs);
  const callerSpread = createRetrySpread(rate ? windowMs / rate.limit : unratedReturnMs, callersReturnMs);

  function change(next: PaceChange): void {
    pace = next.state;
    onChange(next);
  }

  function pause(forMs: number, reason: string, now: number): void {
    if (now + forMs <= paused.until) return;
    paused = { since: now, until: now + forMs, reason };
    change({ state: "paused", reason, until: paused.until });
  }

  function throttle(since: number, reason: string, now: number): void {
    if (!rate) {
      if (since >= paused.since) pause(unratedPauseMs, reason, now);
    } else if (rate.halve(since, now)) reportThrottled(reason, now);
  }

  function reportThrottled(reason: string, now: number): void {
    if (now < paused.until) return;
    const present = rate?.perSecond(now);
    change({ state: "throttled", reason: `${reason}; ${present} messages a second for now` });
  }

  function applyUsage(usage: readonly Usage[], now: number): void {
    const percent = Math.max(0, ...usage.map((one) => one.percent));
    const regainMs = Math.max(0, ...usage.map((one) => one.regainAfterMs ?? 0));
    rate?.applyUsage(percent, now);
    const reason = `WhatsApp says that ${Math.round(percent)} % of a limit is used up`;
    if (regainMs > 0) pause(Math.min(regainMs, longestRegainMs), reason, now);
    else if (rate && pace === "normal" && rate.perSecond(now) < rate.limit) reportThrottled(reason, now);
  }

  function applyThrottle(submitted: Extract<Submitted, { kind: "Throttled" }>, since: number, now: number): void {
    const { scope, failure, usage } = submitted;
    const limit = scope === "maintenance" ? "the account is in maintenance" : `the ${scope}'s limit is reached`;
    const reason = `WhatsApp says that ${limit}${failure.code === undefined ? "" : ` (${failure.code})`}`;
    const askedMs = clampRetryAfter(submitted.retryAfterMs);
    if (scope === "number") throttle(since, reason, now);
    else if (scope === "maintenance") pause(askedMs || maintenanceMs, reason, now);
    else if (askedMs > 0) pause(askedMs, reason, now);
    else if (!rate || !usage?.length) throttle(since, reason, now);
  }

  /** A pause or a throttle ends by time alone; this notices it at the next submission. */
  function noticeNormal(now: number): void {
    if (pace === "normal" || now < paused.until || breaker.state(now).kind !== "closed") return;
    if (!rate || rate.perSecond(now) === rate.limit)
      change({ state: "normal", reason: "no limit and no outage is known any more" });
  }

  function isCallersRetry({ isRetry, isQueued = false }: Kind): boolean {
    return isRetry && !isQueued;
  }

  /** A caller's retry is never the probe, which may hang: it is refused at once. */
  function isRefused(kind: Kind, now: number): boolean {
    return isCallersRetry(kind) && breaker.refusesRetries(now);
  }

  function probeAt(kind: Kind, now: number): number {
    const state = breaker.state(now);
    if (state.kind === "closed") return 0;
    return isCallersRetry(kind) ? Infinity : state.probeAt;
  }

  function latest(rateAt: number | undefined, kind: Kind, now: number): number {
    return Math.max(paused.until, probeAt(kind, now), rateAt ?? 0, kind.isRetry ? budget.allowedAt(now) : 0);
  }

  /** While WhatsApp fails nobody waits: when to come back, and why. */
  function outageHold(kind: Kind, now: number): { until: number; reason: string } | undefined {
    const state = breaker.state(now);
    if (state.kind !== "closed") return { until: Math.max(state.probeAt, paused.until), reason: state.reason };
    const until = now + refusedMs;
    if (isRefused(kind, now)) return { until, reason: "WhatsApp failed the last probe" };
    if (!kind.isRetry || budget.allowedAt(now) <= now) return undefined;
    if (now < throttledAt + throttledMs && !breaker.failedLately(now)) return undefined;
    return { until, reason: "WhatsApp is failing, and the retry budget is used up" };
  }

  return {
    allowedAt: (kind, now) => (isRefused(kind, now) ? Infinity : latest(rate?.allowedAt(now), kind, now)),
    queuedAllowedAt: (kind, now) => latest(rate?.queuedAllowedAt(now), kind, now),
    pausedUntil: (now) => (breaker.state(now).kind === "closed" ? paused.until : Infinity),

    holds(ahead, kind, now) {
      const named = (reason: string): string => `number ${phoneNumberId}: ${reason}`;
      const outage = outageHold(kind, now);
      if (outage) {
        const returning = kind.isQueued ? queueSpread : callerSpread;
        return [{ until: outage.until, cause: "outage", reason: named(outage.reason), spread: returning }];
      }
      const holds: Hold[] = [];
      const hold = (until: number, reason: string) =>
        holds.push({ until, cause: "limit", reason: named(reason), spread });
      const allowedAt = Math.max(now, paused.until);
      const queuedAllowedAt = rate ? Math.max(rate.expectedAt(ahead, allowedAt), rate.allowedAt(now)) : allowedAt;
      if (paused.until > now) hold(queuedAllowedAt, paused.reason);
      else if (rate && queuedAllowedAt > now) {
        hold(
          queuedAllowedAt,
          `${ahead} messages are ahead, and this number sends at most ${rate.perSecond(now)} per second`,
        );
      }
      const repeatAt = kind.isRetry ? budget.expectedAt(ahead, now) : 0;
      if (repeatAt > now) hold(repeatAt, `${ahead} retries are ahead, and the retry budget is used up for now`);
      return holds;
    },

    start({ isRetry }, now) {
      noticeNormal(now);
      usedAt = now;
      rate?.take(now);
      budget.take(isRetry, now);
      return { at: now, isProbe: breaker.start(now) };
    },

    queueEmptied: () => rate?.queueEmptied(),

    reportOutcome(submitted, permit, now) {
      rate?.answered(permit.at, now);
      const failed = failedUpstream(submitted);
      budget.reportOutcome(failed);
      const hasOpened = breaker.reportOutcome(failed, permit, now) === "opened";
      const state = breaker.state(now);
      if (hasOpened && state.kind !== "closed") {
        change({ state: "paused", reason: state.reason, until: state.probeAt });
      }
      if (submitted.usage?.length) applyUsage(submitted.usage, now);
      if (submitted.kind === "Throttled") {
        throttledAt = now;
        if (submitted.scope !== "pair") applyThrottle(submitted, permit.at, now);
      }
      noticeNormal(now);
    },

    reportNothing: (permit, now) => breaker.reportNothing(permit, now),

    isIdle: (now) => now >= Math.max(usedAt + forgottenAfterMs, paused.until),
  };
}
