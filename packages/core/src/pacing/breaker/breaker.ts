import type { Submitted } from "../../ports/transport.ts";
import { createRecentCount } from "./recent-count.ts";

/**
 * The circuit breaker of one number. It opens where half of at least twenty calls in ten seconds failed. While it is open one
 * call each five seconds goes through as a probe, whether the probe before was answered or hangs; a probe that does not fail
 * closes it. It also closes when nobody has probed for ten seconds: nothing speaks against WhatsApp any more.
 */
export interface Breaker {
  /** Why it is open, and when the next probe may begin; undefined while it is closed. */
  outage(now: number): Outage | undefined;
  /** Whether repeats end at once: while it is open, and for five seconds after a probe failed, unless a later call worked. */
  endsRepeats(now: number): boolean;
  /** Whether a call failed in the last ten seconds. */
  failedLately(now: number): boolean;
  /** A call begins. Gives whether it is a probe. */
  enter(now: number): boolean;
  /** A call was answered, or given up. Gives what that changed. */
  reportOutcome(failed: boolean, call: Call, now: number): "opened" | "closed" | undefined;
  /** A call ended and told nothing. */
  reportNothing(call: Call, now: number): void;
}

interface Outage {
  readonly reason: string;
  readonly probeAt: number;
}

interface Call {
  readonly at: number;
  readonly isProbe: boolean;
}

type State =
  | { readonly kind: "Closed"; readonly since: number }
  /** `testedAt`: when it opened, or the last probe began. */
  | ({ readonly kind: "Open"; readonly testedAt: number } & Outage);

const leastCalls = 20;
const probeEveryMs = 5000;
const untestedMs = 10_000;

export function createBreaker(): Breaker {
  const calls = createRecentCount();
  const failures = createRecentCount();
  let state: State = { kind: "Closed", since: -Infinity };
  let failedProbe = { at: -Infinity, endedAt: -Infinity };
  /** When the latest of the calls that worked began. */
  let workedAt = -Infinity;

  function close(now: number): State {
    calls.reset();
    failures.reset();
    return (state = { kind: "Closed", since: now });
  }

  function stateAt(now: number): State {
    return state.kind === "Open" && now >= state.testedAt + untestedMs ? close(now) : state;
  }

  function count(failed: boolean, call: Call, now: number): "opened" | undefined {
    calls.add(now);
    if (!failed) return undefined;
    failures.add(now);
    const [all, bad] = [calls.total(now), failures.total(now)];
    if (all < leastCalls || bad < all / 2) return undefined;
    const reason = `WhatsApp failed ${bad} of ${all} calls in ten seconds`;
    // A call that hung for long says little about the present: a probe may follow at once.
    state = { kind: "Open", reason, testedAt: now, probeAt: Math.max(call.at + probeEveryMs, now) };
    return "opened";
  }

  return {
    outage(now) {
      const present = stateAt(now);
      return present.kind === "Open" ? present : undefined;
    },
    endsRepeats: (now) =>
      stateAt(now).kind === "Open" || (failedProbe.at > workedAt && now < failedProbe.endedAt + probeEveryMs),
    failedLately: (now) => failures.total(now) > 0,
    enter(now) {
      const present = stateAt(now);
      if (present.kind === "Closed") return false;
      state = { ...present, testedAt: now, probeAt: now + probeEveryMs };
      return true;
    },
    reportOutcome(failed, call, now) {
      const present = stateAt(now);
      if (!failed) workedAt = Math.max(workedAt, call.at);
      else if (call.isProbe) failedProbe = { at: call.at, endedAt: now };
      if (present.kind === "Closed") return call.at < present.since ? undefined : count(failed, call, now);
      if (!call.isProbe) return undefined;
      if (!failed) {
        close(now);
        return "closed";
      }
      failures.add(now);
      if (call.at < present.testedAt) return undefined;
      state = { ...present, reason: "WhatsApp failed when it was tried again" };
      return "opened";
    },
    reportNothing(call, now) {
      const present = stateAt(now);
      if (present.kind === "Open" && call.isProbe && call.at === present.testedAt) state = { ...present, probeAt: now };
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
