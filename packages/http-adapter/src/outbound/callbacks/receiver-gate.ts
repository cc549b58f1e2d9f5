import { type Clock, createSemaphore, type StatusDelivery, toWallTime } from "@message-sender/core/adapter";
import { ResultAsync } from "neverthrow";

/** Lets the requests to one receiver through, as many and as fast as it takes them. */
export interface ReceiverGate {
  /** Runs `request` when its turn comes; `busy` if that would be too long, or the receiver is failing. */
  pass(request: () => Promise<StatusDelivery>): Promise<StatusDelivery>;
  /** Whether a request is waiting or in flight, or the gate remembers that the receiver fails. */
  isIdle(): boolean;
}

interface ReceiverGateOptions {
  readonly clock: Clock;
  /** How many requests may wait or be in flight now. */
  readonly share: () => number;
}

/** Connections of one receiver. */
export const requestsAtOnce = 16;
const longestWaitMs = 10_000;
/**
 * After this many failures in a row the receiver gets one request at a time, with pauses. So many that a receiver which fails
 * every second request at random is hardly ever taken for a dead one.
 */
const failuresInARow = requestsAtOnce;
/** A pause is this many times as long as the failure took: a dead receiver occupies a seventh of a connection at most. */
const pauseFactor = 6;
const [shortestPauseMs, longestPauseMs] = [1000, 60_000];
const [soonestMs, latestMs] = [250, 60_000];
/** This many may wait or be in flight; if the receiver answers fast, as many as it answers until the first that was put back returns. */
const alwaysAdmitted = 64;

/**
 * A receiver that fails gets one request at a time, with pauses of 1 to 60 s, until one succeeds; one that asks for time
 * (`Retry-After`) gets none until then. An event that finds no place is retried when the receiver should have handled those before
 * it, at its present rate. So a slow or dead receiver does not occupy the places of others, and its events are not claimed again
 * and again.
 */
export function createReceiverGate({ clock, share }: ReceiverGateOptions): ReceiverGate {
  const permits = createSemaphore(requestsAtOnce, clock);
  let admitted = 0;
  let failures = 0;
  let pausedUntilMs = -Infinity;
  let isProbing = false;
  let answerMs = 10;
  let hasAnswered = false;
  let bookedMs = -Infinity;

  function mostAdmitted(): number {
    const soon = hasAnswered ? (requestsAtOnce * soonestMs) / Math.max(answerMs, 1) : 0;
    return Math.min(share(), Math.max(alwaysAdmitted, soon));
  }

  const isFailing = (): boolean => failures >= failuresInARow;

  function busy(untilMs: number, reason: string): StatusDelivery {
    const ms = Math.ceil(Math.max(untilMs - clock.monotonicMs(), soonestMs) / soonestMs) * soonestMs;
    return { kind: "busy", reason, retryAt: toWallTime(clock, clock.monotonicMs() + ms) };
  }

  /** Why no request may begin now. Undefined if one may. */
  function whyBlocked(): StatusDelivery | undefined {
    const isPaused = clock.monotonicMs() < pausedUntilMs;
    return isPaused || (isFailing() && isProbing) ? putBack("the receiver is failing") : undefined;
  }

  /** Each event that is put back gets a retry time of its own, one after the other. */
  function putBack(reason: string): StatusDelivery {
    const now = clock.monotonicMs();
    const atMs = Math.min(Math.max(bookedMs, pausedUntilMs, now), Math.max(pausedUntilMs, now + latestMs));
    bookedMs = atMs + answerMs / requestsAtOnce;
    return busy(atMs, reason);
  }

  async function run(request: () => Promise<StatusDelivery>): Promise<StatusDelivery> {
    const blocked = whyBlocked();
    if (blocked) return blocked;
    const isProbe = isFailing();
    if (isProbe) isProbing = true;
    const startedMs = clock.monotonicMs();
    try {
      const result = await request();
      reportResult(result, clock.monotonicMs() - startedMs);
      return result;
    } finally {
      if (isProbe) isProbing = false;
    }
  }

  function reportResult(result: StatusDelivery, tookMs: number): void {
    if (result.kind !== "retry") {
      failures = 0;
      hasAnswered = true;
      answerMs += (tookMs - answerMs) / 8;
      return;
    }
    failures += 1;
    const now = clock.monotonicMs();
    if (isFailing()) {
      const pauseMs = Math.min(Math.max(tookMs * pauseFactor, shortestPauseMs), longestPauseMs);
      pausedUntilMs = Math.max(pausedUntilMs, now + pauseMs);
    }
    if (result.retryAt) {
      pausedUntilMs = Math.max(pausedUntilMs, now + result.retryAt.getTime() - clock.now().getTime());
    }
  }

  return {
    async pass(request) {
      const blocked =
        whyBlocked() ?? (admitted >= mostAdmitted() ? putBack("many events wait for the receiver") : undefined);
      if (blocked) return blocked;
      admitted += 1;
      const passed = await permits.withPermit(clock.monotonicMs() + longestWaitMs, () =>
        ResultAsync.fromSafePromise(run(request)),
      );
      admitted -= 1;
      return passed.unwrapOr(undefined) ?? putBack("many events wait for the receiver");
    },
    isIdle: () => admitted === 0 && failures === 0 && clock.monotonicMs() >= pausedUntilMs,
  };
}
