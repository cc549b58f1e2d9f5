import { clampRetryAfter } from "../../domain/retry-policy.ts";
import type { Submitted, LimitUsage } from "../../ports/transport.ts";
import type { Rate } from "../rate/rate.ts";
import { usageFrom } from "../rate/slowdown.ts";

/** A change of a number's pace. */
export interface PaceChange {
  readonly state: "normal" | "throttled" | "paused";
  readonly reason: string;
  readonly until?: number;
}

/**
 * The pace of one number: normal, throttled (at a lower rate) or paused until a time, by what WhatsApp answers to that number.
 * Reports each change.
 */
export interface NumberPace {
  /** The last pause: until when, and why. In the past if the number is not paused. */
  readonly pause: { readonly until: number; readonly reason: string };
  /** Why its rate was lowered last. */
  readonly throttleReason: string;
  /** Whether a rate limit was hit in the last minute. */
  throttledLately(now: number): boolean;
  /** Records WhatsApp's answer to a submission that started at `startedAt`. */
  reportOutcome(submitted: Submitted, startedAt: number, now: number): void;
  /** Records that the circuit breaker opened, and when its next probe may start. */
  reportOutage(reason: string, probeAt: number): void;
  /** Takes over a pause that another process was told. */
  heedPause(until: number, reason: string, now: number): void;
  /** Takes over that the rate is lower, since another process was told so. */
  heedSlower(now: number): void;
  /** Notices that a pause or a throttle has ended, which happens by time alone. Call it while there is no outage. */
  noticeNormal(now: number): void;
}

interface NumberPaceParts {
  /** Absent if the number has no rate of its own. It then pauses instead of being throttled. */
  readonly rate: Rate | undefined;
  readonly onChange: (change: PaceChange) => void;
  /** Called when WhatsApp asks for a pause. */
  readonly onPause?: ((forMs: number, reason: string) => void) | undefined;
}

const maintenanceMs = 60_000;
/** How long a number pauses after a rate limit was hit, if it has no rate to halve. */
const unratedPauseMs = 1000;
/** Meta counts the calls of an app and of an account by the hour. */
const longestRegainMs = 3_600_000;
const throttledMs = 60_000;
const sameWithinMs = 500;

export function createNumberPace({ rate, onChange, onPause }: NumberPaceParts): NumberPace {
  let pause = { since: 0, until: 0, reason: "" };
  let throttledAt = -Infinity;
  let state: PaceChange["state"] = "normal";
  let throttleReason = "";

  function change(next: PaceChange): void {
    state = next.state;
    onChange(next);
  }

  function pauseUntil(until: number, reason: string, now: number): boolean {
    if (until <= pause.until) return false;
    pause = { since: now, until, reason };
    change({ state: "paused", reason, until });
    return true;
  }

  function pauseFor(forMs: number, reason: string, now: number): void {
    if (pauseUntil(now + forMs, reason, now)) onPause?.(forMs, reason);
  }

  function throttle(startedAt: number, reason: string, now: number): void {
    if (!rate) {
      if (startedAt >= pause.since) pauseFor(unratedPauseMs, reason, now);
    } else if (rate.halve(startedAt, now)) reportThrottled(reason, now);
  }

  function reportThrottled(reason: string, now: number): void {
    throttleReason = reason;
    if (now < pause.until) return;
    change({ state: "throttled", reason: `${reason}; ${rate?.perSecond(now)} messages a second for now` });
  }

  function applyUsage(usage: readonly LimitUsage[], now: number): void {
    const percent = Math.max(0, ...usage.map((one) => one.percent));
    const regainMs = Math.max(0, ...usage.map((one) => one.regainAfterMs ?? 0));
    rate?.applyUsage(percent, now);
    const reason = `WhatsApp says that ${Math.round(percent)} % of a limit is used up`;
    const isSlower = rate !== undefined && rate.perSecond(now) < rate.limit;
    if (isSlower && percent >= usageFrom) throttleReason = reason;
    if (regainMs > 0) pauseFor(Math.min(regainMs, longestRegainMs), reason, now);
    else if (isSlower && state === "normal") reportThrottled(reason, now);
  }

  function applyThrottle(submitted: Extract<Submitted, { kind: "Throttled" }>, startedAt: number, now: number): void {
    const { scope, failure, usage } = submitted;
    const limit = scope === "maintenance" ? "the account is in maintenance" : `the ${scope}'s limit is reached`;
    const reason = `WhatsApp says that ${limit}${failure.code === undefined ? "" : ` (${failure.code})`}`;
    const askedMs = clampRetryAfter(submitted.retryAfterMs);
    if (scope === "number") throttle(startedAt, reason, now);
    else if (scope === "maintenance") pauseFor(askedMs || maintenanceMs, reason, now);
    else if (askedMs > 0) pauseFor(askedMs, reason, now);
    else if (!rate || !usage?.length) throttle(startedAt, reason, now);
  }

  return {
    get pause() {
      return pause;
    },
    get throttleReason() {
      return throttleReason;
    },
    throttledLately: (now) => now < throttledAt + throttledMs,
    reportOutcome(submitted, startedAt, now) {
      if (submitted.usage?.length) applyUsage(submitted.usage, now);
      if (submitted.kind !== "Throttled") return;
      throttledAt = now;
      if (submitted.scope !== "pair") applyThrottle(submitted, startedAt, now);
    },
    heedPause(until, reason, now) {
      // What this process has reported itself comes back with a slightly different time.
      if (until > pause.until + sameWithinMs) pauseUntil(until, reason, now);
    },
    heedSlower: (now) => reportThrottled("WhatsApp throttled another process", now),
    reportOutage: (reason, probeAt) => change({ state: "paused", reason, until: probeAt }),
    noticeNormal(now) {
      if (state === "normal" || now < pause.until) return;
      if (!rate || rate.perSecond(now) === rate.limit)
        change({ state: "normal", reason: "no limit and no outage is known any more" });
    },
  };
}
