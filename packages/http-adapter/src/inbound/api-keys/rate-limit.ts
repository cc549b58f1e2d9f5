/** At most `burst` requests in each window of `burst / requestsPerSecond` seconds. */
export interface RateLimit {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

/** Whether a request is within a limit, and what its answer says about the limit. */
export interface RateLimitState {
  readonly isExceeded: boolean;
  /** When the window ends. At least 1. */
  readonly resetSeconds: number;
  /** `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-10. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A limit for a key without one: more than a server can answer, so that it stops only a client that has gone wild. */
export const generousLimit: RateLimit = { requestsPerSecond: 10_000, burst: 600_000 };

/** Counts requests in the memory of this process. The first one after a window begins the next. The returned function counts one. */
export function createRateLimiter({ requestsPerSecond, burst }: RateLimit): () => RateLimitState {
  const windowMs = (burst / requestsPerSecond) * 1000;
  // The header has whole seconds. A longer window than the real one promises a client no more than it gets.
  const windowSeconds = wholeSeconds(windowMs);
  const policy = `"default";q=${burst};w=${windowSeconds}`;
  let endsAtMs = Number.NEGATIVE_INFINITY;
  let requests = 0;

  return () => {
    const nowMs = performance.now();
    if (nowMs >= endsAtMs) {
      endsAtMs = nowMs + windowMs;
      requests = 0;
    }
    requests += 1;
    // The sum above is rounded: what is left may be a little more than the window.
    const resetSeconds = Math.min(windowSeconds, wholeSeconds(endsAtMs - nowMs));
    const remaining = Math.max(0, burst - requests);
    return {
      isExceeded: requests > burst,
      resetSeconds,
      headers: { "ratelimit-policy": policy, ratelimit: `"default";r=${remaining};t=${resetSeconds}` },
    };
  };
}

function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
