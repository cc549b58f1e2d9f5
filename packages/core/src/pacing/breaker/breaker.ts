import type { Submitted } from "../../ports/transport.ts";
import { createRecentCount } from "./recent-count.ts";

/**
 * The circuit breaker of one number. Closed, it lets calls through. It opens when at least half of twenty or more calls in ten
 * seconds have failed. While it is open, one call every five seconds starts as a probe; during the probe it is half-open. A probe
 * that does not fail closes it, and one that hangs does not delay the next. It also closes if no probe has started for ten seconds:
 * its last evidence is then outdated.
 */
export interface Breaker {
  state(now: number): BreakerState;
  /** Whether it refuses callers' retries: while it is not closed, and for five seconds after a failed probe unless a later call worked. */
  refusesRetries(now: number): boolean;
  /** Whether a call failed in the last ten seconds. */
  failedLately(now: number): boolean;
  /** Records the start of a call. Returns whether the call is a probe. */
  start(now: number): boolean;
  /** Records whether a call failed. Returns the change of state, if there is one. */
  reportOutcome(failed: boolean, call: Call, now: number): "opened" | "closed" | undefined;
  /** Records that a call ended without an outcome. */
  reportNothing(call: Call, now: number): void;
}

type BreakerState =
  /** Calls are let through. `since`: when it last closed. */
  | { readonly kind: "closed"; readonly since: number }
  /** Calls are refused, and no probe is in flight. */
  | ({ readonly kind: "open" } & Outage)
  /** Calls are refused while a probe is in flight. */
  | ({ readonly kind: "half-open" } & Outage);

interface Outage {
  readonly reason: string;
  /** When it opened, or when the last probe started. */
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
    // A call that hung for a long time says little about the present: a probe may start at once.
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

/** Whether WhatsApp or the connection failed. A rate limit, a rejected token and a final rejection show that WhatsApp works. */
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
