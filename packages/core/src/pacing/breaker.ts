import type { Submitted } from "../ports/transport.ts";
import { createRecentCount } from "./recent-count.ts";

/** Stops asking WhatsApp where it fails: half of at least twenty calls in ten seconds close it for five, then one call probes. */
export interface Breaker {
  readonly isOpen: boolean;
  /** When a call may begin: infinitely far away while one probes. */
  opensAt(): number;
  /** Until when it is closed by all that is known, and why; undefined while it is open. */
  outage(now: number): { readonly until: number; readonly reason: string } | undefined;
  /** Gives whether the call that begins is the probe. */
  enter(): boolean;
  /** Of a call that began at `call.at`. Gives what that changed. */
  learn(
    failed: boolean,
    call: { readonly at: number; readonly isProbe: boolean },
    now: number,
  ): BreakerChange | undefined;
  /** The probe ended and told nothing. */
  giveUp(now: number): void;
}

type BreakerChange =
  | { readonly kind: "Opened" }
  | { readonly kind: "Closed"; readonly until: number; readonly reason: string };

type State =
  | { readonly kind: "Open"; readonly since: number }
  | { readonly kind: "Closed"; readonly until: number; readonly reason: string }
  | { readonly kind: "Probing"; readonly reason: string };

const leastCalls = 20;
const closedMs = 5000;

export function createBreaker(): Breaker {
  const calls = createRecentCount();
  const failures = createRecentCount();
  let state: State = { kind: "Open", since: -Infinity };

  function close(reason: string, now: number): BreakerChange {
    const until = now + closedMs;
    state = { kind: "Closed", until, reason };
    return { kind: "Closed", until, reason };
  }

  function count(failed: boolean, now: number): BreakerChange | undefined {
    calls.add(now);
    if (!failed) return undefined;
    failures.add(now);
    const [all, bad] = [calls.total(now), failures.total(now)];
    if (all < leastCalls || bad < all / 2) return undefined;
    return close(`WhatsApp failed ${bad} of ${all} calls in ten seconds`, now);
  }

  return {
    get isOpen() {
      return state.kind === "Open";
    },
    opensAt() {
      switch (state.kind) {
        case "Open":
          return 0;
        case "Closed":
          return state.until;
        case "Probing":
          return Infinity;
      }
    },
    outage(now) {
      if (state.kind === "Open") return undefined;
      return { until: state.kind === "Closed" ? state.until : now, reason: state.reason };
    },
    enter() {
      if (state.kind !== "Closed") return false;
      state = { kind: "Probing", reason: state.reason };
      return true;
    },
    learn(failed, call, now) {
      if (state.kind === "Open") return call.at < state.since ? undefined : count(failed, now);
      if (!call.isProbe) return undefined;
      if (failed) return close("WhatsApp failed when it was tried again", now);
      state = { kind: "Open", since: now };
      calls.reset();
      failures.reset();
      return { kind: "Opened" };
    },
    giveUp(now) {
      if (state.kind === "Probing") state = { kind: "Closed", until: now, reason: state.reason };
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
