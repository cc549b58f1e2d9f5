import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

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

/** Counts requests in the memory of this process. The returned function counts one. */
export function createRateLimiter({ requestsPerSecond, burst }: RateLimit): () => Promise<RateLimitState> {
  const windowSeconds = burst / requestsPerSecond;
  const limiter = new RateLimiterMemory({ points: burst, duration: windowSeconds });
  // The header has whole seconds. A longer window than the real one promises a client no more than it gets.
  const mostSeconds = Math.max(1, Math.ceil(windowSeconds));
  const policy = `"default";q=${burst};w=${mostSeconds}`;

  function stateOf({ remainingPoints, msBeforeNext }: RateLimiterRes, isExceeded: boolean): RateLimitState {
    const resetSeconds = Math.min(mostSeconds, Math.max(1, Math.ceil(msBeforeNext / 1000)));
    return {
      isExceeded,
      resetSeconds,
      headers: { "ratelimit-policy": policy, ratelimit: `"default";r=${remainingPoints};t=${resetSeconds}` },
    };
  }

  return async () => {
    try {
      return stateOf(await limiter.consume(""), false);
    } catch (rejection) {
      if (rejection instanceof RateLimiterRes) return stateOf(rejection, true);
      throw rejection;
    }
  };
}
