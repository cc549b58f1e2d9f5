import type { Submitted } from "../../ports/transport.ts";
import { createRecentCount } from "./recent-count.ts";

/**
 * The circuit breaker of one number. Closed, calls flow. It opens where half of at least twenty calls in ten seconds failed. While
 * it is open one call every five seconds starts as a probe, and then it is half-open; a probe that does not fail closes it, and
 * one that hangs does not delay the next. It also closes when no probe has started for ten seconds: nothing speaks against
 * WhatsApp any more.
 */
export interface Breaker {
  state(now: number): BreakerState;
  /** Whether callers' retries are refused: unless it is closed, and for five seconds after a failed probe that no later call undid. */
  refusesRetries(now: number): boolean;
  /** Whether a call failed in the last ten seconds. */
  failedLately(now: number): boolean;
  /** A call starts. Returns whether it is a probe. */
  start(now: number): boolean;
  /** A call was answered, or given up. Returns what that changed. */
  reportOutcome(failed: boolean, call: Call, now: number): "opened" | "closed" | undefined;
  /** A call ended and reported no outcome. */
  reportNothing(call: Call, now: number): void;
}

type BreakerState =
  /** Calls flow. `since`: when it closed last. */
  | { readonly kind: "closed"; readonly since: number }
  /** Calls are refused, and nothing tests WhatsApp. */
  | ({ readonly kind: "open" } & Outage)
  /** Calls are refused while a probe is in flight. */
  | ({ readonly kind: "half-open" } & Outage);

interface Outage {
  readonly reason: string;
  /** When it opened, or its last probe started. */
  readonly testedAt: number;
  /** When the next probe may start. */
  readonly probeAt: number;
}

interface Call {
  readonly at: number;
  readonly isProbe: boolean;
}

const leastCalls = 20;
const probeEveryMs = 5000;
const untestedMs = 10_000;

export function createBreaker(): Breaker {
  const calls = createRecentCount();
  const failures = createRecentCount();
  let current: BreakerState = { kind: "closed", since: -Infinity };
  let failedProbe = { at: -Infinity, endedAt: -Infinity };
  /** When the latest of the calls that worked started. */
  let workedAt = -Infinity;

  function close(now: number): BreakerState {
    calls.reset();
    failures.reset();
    return (current = { kind: "closed", since: now });
  }

  function state(now: number): BreakerState {
    return current.kind !== "closed" && now >= current.testedAt + untestedMs ? close(now) : current;
  }

  function count(failed: boolean, call: Call, now: number): "opened" | undefined {
    calls.add(now);
    if (!failed) return undefined;
    failures.add(now);
    const [all, bad] = [calls.total(now), failures.total(now)];
    if (all < leastCalls || bad < all / 2) return undefined;
    const reason = `WhatsApp failed ${bad} of ${all} calls in ten seconds`;
    // A call that hung for long says little about the present: a probe may follow at once.
    current = { kind: "open", reason, testedAt: now, probeAt: Math.max(call.at + probeEveryMs, now) };
    return "opened";
  }

  function countProbe(failed: boolean, call: Call, present: Outage, now: number): "opened" | "closed" | undefined {
    if (!failed) {
      close(now);
      return "closed";
    }
    failures.add(now);
    // A later probe is in flight.
    if (call.at < present.testedAt) return undefined;
    current = { ...present, kind: "open", reason: "WhatsApp failed the last probe" };
    return "opened";
  }

  return {
    state,
    refusesRetries: (now) =>
      state(now).kind !== "closed" || (failedProbe.at > workedAt && now < failedProbe.endedAt + probeEveryMs),
    failedLately: (now) => failures.total(now) > 0,
    start(now) {
      const present = state(now);
      if (present.kind === "closed") return false;
      current = { ...present, kind: "half-open", testedAt: now, probeAt: now + probeEveryMs };
      return true;
    },
    reportOutcome(failed, call, now) {
      const present = state(now);
      if (!failed) workedAt = Math.max(workedAt, call.at);
      else if (call.isProbe) failedProbe = { at: call.at, endedAt: now };
      if (present.kind === "closed") return call.at < present.since ? undefined : count(failed, call, now);
      return call.isProbe ? countProbe(failed, call, present, now) : undefined;
    },
    reportNothing(call, now) {
      const present = state(now);
      if (present.kind === "half-open" && call.isProbe && call.at === present.testedAt) {
        current = { ...present, kind: "open", probeAt: now };
      }
    },
  };
}

/** WhatsApp, or the way to it, did not work. A limit, a refused token and a final refusal are answers of one that works. */
export function failedUpstream(submitted: Submitted): boolean {
  switch (submitted.kind) {
    case "Ambiguous":
      return true;
    case "Refused":
    case "NotSent":
      return !submitted.final;
    default:
      return false;
  }
}
