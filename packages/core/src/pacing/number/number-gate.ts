import { isThroughput } from "../../ports/credentials.ts";
import type { RateKey } from "../../ports/pacer.ts";
import type { Submitted } from "../../ports/transport.ts";
import { createBreaker, failedUpstream } from "../breaker/breaker.ts";
import type { RetryShare } from "../breaker/retry-budget.ts";
import type { Hold } from "../hold.ts";
import type { Lead } from "../rate/lead.ts";
import { type Rate, type Slot, rateWindowMs } from "../rate/rate.ts";
import { createRetrySpread } from "../retry-spread.ts";
import { createNumberPace, type PaceChange } from "./number-pace.ts";
import { createStatedLimits } from "./stated-limits.ts";

/** A submission that the number let start, with the slot of its request. */
export interface Started extends Slot {
  readonly at: number;
  /** Whether it tests if WhatsApp works again. */
  readonly isProbe: boolean;
  /** Whether it was ready before. */
  hasAsked: boolean;
}

interface Closure {
  readonly until: number;
  readonly reason: string;
}

/** The kinds of submission that have limits of their own. */
export type Kind = Pick<RateKey, "isRetry" | "isQueued">;

/** The limits of one phone number: its pace, its circuit breaker and its share of the retry budget. */
export interface NumberGate {
  /** Notes what the credential of a submission says about the number's rate, which follows it. */
  noteLimit(rateKey: RateKey, now: number): void;
  /** When a submission that did not queue may start; a past time means now. */
  allowedAt(kind: Kind, now: number): number;
  /** The same for a submission that queued. */
  queuedAllowedAt(kind: Kind, now: number): number;
  /** When the retry budget allows the next retry; a past time means now. */
  retriesAllowedAt(now: number): number;
  /** Until when the number is paused: `Infinity` while its circuit breaker is open, a past time if it is not paused. */
  pausedUntil(now: number): number;
  /** Why and until when a submission has to wait that has `ahead` others of its kind before it. */
  holds(ahead: number, kind: Kind, now: number): readonly Hold[];
  /** Records the start of a submission, and takes a slot for it. */
  start(kind: Kind, now: number): Started;
  /** The slot of a submission whose request is ready now: another one if it is too late for the one that it has. */
  slotOf(started: Started, now: number): number;
  /** Records that a submission sends nothing in its slot. */
  giveBack(started: Started): void;
  /** Records that a submission has ended. */
  ended(started: Started): void;
  /** Records that a submission is queued. */
  queued(now: number): void;
  /** Records that no submission is queued any more. */
  queueEmptied(): void;
  /** Records WhatsApp's answer to a submission. */
  reportOutcome(submitted: Submitted, started: Started, now: number): void;
  /** Takes over what other processes were told about the number. */
  heed(closed: Closure | undefined, isSlower: boolean, now: number): void;
  /** Records that a submission ended without an outcome. */
  reportNothing(started: Started, now: number): void;
  /** Whether nothing needs to be remembered about the number. */
  isIdle(now: number): boolean;
  /** What slows the number down, for people. */
  describe(now: number): NumberDescription;
}

/** What slows a number down, the strongest first. `open`: the circuit breaker is open or half-open. */
export type NumberCondition = "open" | "paused" | "throttled" | "normal";

interface NumberDescription {
  readonly phoneNumberId: string;
  readonly condition: NumberCondition;
  readonly reason?: string;
  /** Until when it is paused, or when its next probe may start. */
  readonly until?: number;
  readonly perSecond?: number;
  readonly fullPerSecond?: number;
}

interface NumberGateParts {
  readonly phoneNumberId: string;
  /** Absent if the number has no rate limit before WhatsApp throttles. */
  readonly rate: Rate | undefined;
  /** What is known about the number's rate where no credential says it. */
  readonly knownPerSecond?: (() => number | undefined) | undefined;
  readonly budget: RetryShare;
  readonly lead: Lead;
  readonly onPaceChange: (change: PaceChange) => void;
  readonly onPause?: ((forMs: number, reason: string) => void) | undefined;
}

const forgottenAfterMs = 300_000;
/** When to retry a retry that was refused because WhatsApp fails, while the circuit breaker is closed. */
const refusedMs = 5000;
/** After an outage callers come back spread over this time, however many there are. */
const callersReturnMs = 10_000;
/** How far apart they come back if there is no rate: a long queue must not return all at once. */
const unratedReturnMs = 2;

export function createNumberGate(parts: NumberGateParts): NumberGate {
  const { phoneNumberId, rate, knownPerSecond, budget, lead, onPaceChange, onPause } = parts;
  const unstated = rate?.limit ?? 0;
  const breaker = createBreaker();
  const pace = createNumberPace({ rate, onChange: onPaceChange, onPause });
  let usedAt = 0;
  const stated = createStatedLimits();
  const spread = createRetrySpread(() => (rate ? rateWindowMs / rate.limit : 0));
  const returnMs = (): number => (rate ? rateWindowMs / rate.limit : unratedReturnMs);
  const queueSpread = createRetrySpread(returnMs);
  const callerSpread = createRetrySpread(returnMs, callersReturnMs);

  function noticeNormal(now: number): void {
    if (breaker.state(now).kind === "closed") pace.noticeNormal(now);
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

  /** When nothing but the rate holds it back any more. */
  function unheldAt(kind: Kind, now: number): number {
    return Math.max(pace.pause.until, probeAt(kind, now), kind.isRetry ? budget.allowedAt(now) : 0);
  }

  /** During an outage nobody waits: when to come back, and why. */
  function outage(kind: Kind, now: number): Pick<Hold, "until" | "reason" | "waitsFor"> | undefined {
    const state = breaker.state(now);
    const waitsFor = "breaker";
    if (state.kind !== "closed")
      return { until: Math.max(state.probeAt, pace.pause.until), reason: state.reason, waitsFor };
    const until = now + refusedMs;
    if (isRefused(kind, now)) return { until, reason: "WhatsApp failed the last probe", waitsFor };
    if (!kind.isRetry || budget.allowedAt(now) <= now) return undefined;
    // While WhatsApp throttles the number and does not fail, its retries wait for their budget.
    if (pace.throttledLately(now) && !breaker.failedLately(now)) return undefined;
    return { until, reason: "WhatsApp is failing, and the retry budget is used up", waitsFor: "retry_budget" };
  }

  function limits(ahead: number, kind: Kind, now: number): readonly Pick<Hold, "until" | "reason" | "waitsFor">[] {
    const { pause } = pace;
    const isPaused = pause.until > now;
    const allowedAt = Math.max(now, pause.until);
    const rateAt = rate ? rate.expectedAt(ahead, allowedAt, now) : allowedAt;
    const ofRate = `${ahead} messages are ahead, and this number sends at most ${rate?.perSecond(now)} per second`;
    const retryAt = kind.isRetry ? budget.expectedAt(ahead, now) : 0;
    const ofRetries = `${ahead} retries are ahead, and the retry budget is used up for now`;
    const holds = [
      { until: rateAt, reason: isPaused ? pause.reason : ofRate, waitsFor: isPaused ? "pause" : "number" },
      { until: retryAt, reason: ofRetries, waitsFor: "retry_budget" },
    ] as const;
    return holds.filter(({ until }) => until > now);
  }

  return {
    noteLimit({ numberPerSecond, tenantId, outletId }, now) {
      const isSaid = numberPerSecond !== undefined || !stated.isEmpty;
      if (!rate || (!isSaid && !knownPerSecond)) return;
      const said = isThroughput(numberPerSecond) ? numberPerSecond : undefined;
      const lowest = isSaid ? stated.note(`${tenantId} ${outletId ?? ""}`, said, now) : undefined;
      const limit = lowest ?? knownPerSecond?.() ?? unstated;
      if (limit !== rate.limit) rate.setLimit(limit);
    },
    allowedAt(kind, now) {
      if (isRefused(kind, now)) return Infinity;
      return Math.max(unheldAt(kind, now), rate?.allowedAt(now) ?? 0);
    },
    queuedAllowedAt(kind, now) {
      const unheld = unheldAt(kind, now);
      // Asking a rate may book a slot.
      return unheld > now || !rate ? unheld : rate.queuedAllowedAt(now) - lead.ms;
    },
    retriesAllowedAt: (now) => budget.allowedAt(now),
    pausedUntil: (now) => (breaker.state(now).kind === "closed" ? pace.pause.until : Infinity),

    holds(ahead, kind, now) {
      const named = (reason: string): string => `number ${phoneNumberId}: ${reason}`;
      const failing = outage(kind, now);
      if (failing) {
        const returning = kind.isQueued ? queueSpread : callerSpread;
        return [{ ...failing, cause: "outage", reason: named(failing.reason), spread: returning }];
      }
      return limits(ahead, kind, now).map((limit) => ({
        ...limit,
        cause: "limit",
        reason: named(limit.reason),
        spread,
      }));
    },

    start({ isRetry }, now) {
      noticeNormal(now);
      usedAt = now;
      budget.take(isRetry, now);
      const started: Started = {
        at: now,
        slotAt: now,
        isProbe: breaker.start(now),
        hasAsked: false,
        booking: undefined,
      };
      rate?.start(started, now);
      return started;
    },

    slotOf(started, now) {
      rate?.ready(started, now, Math.max(now, pace.pause.until));
      return started.slotAt;
    },

    giveBack: (started) => rate?.giveBack(started),
    ended: (started) => rate?.ended(started),

    queued: (now) => rate?.queued(now),
    queueEmptied: () => rate?.queueEmptied(),

    reportOutcome(submitted, started, now) {
      rate?.answered(started, now);
      const failed = failedUpstream(submitted);
      budget.reportOutcome(failed);
      const hasOpened = breaker.reportOutcome(failed, started, now) === "opened";
      const state = breaker.state(now);
      if (hasOpened && state.kind !== "closed") pace.reportOutage(state.reason, state.probeAt);
      pace.reportOutcome(submitted, started.slotAt, now);
      noticeNormal(now);
    },

    heed(closed, isSlower, now) {
      if (closed) pace.heedPause(closed.until, closed.reason, now);
      if (isSlower) pace.heedSlower(now);
    },

    reportNothing: (started, now) => breaker.reportNothing(started, now),

    describe(now) {
      const rates = rate && { perSecond: rate.perSecond(now), fullPerSecond: rate.limit };
      const known = { phoneNumberId, ...rates };
      const outage = breaker.state(now);
      if (outage.kind !== "closed")
        return { ...known, condition: "open", reason: outage.reason, until: outage.probeAt };
      const { until, reason } = pace.pause;
      if (until > now) return { ...known, condition: "paused", reason, until };
      if (!rates || rates.perSecond >= rates.fullPerSecond) return { ...known, condition: "normal" };
      return { ...known, condition: "throttled", reason: pace.throttleReason };
    },

    isIdle: (now) => now >= Math.max(usedAt + forgottenAfterMs, pace.pause.until),
  };
}
