/** The shortest recent response time. A longer one may have been spent on the way to WhatsApp. */
export interface LatencyFloor {
  /** In milliseconds; 0 until it is known. */
  readonly ms: number;
  add(tookMs: number, startedAt: number): void;
}

const spanMs = 10_000;
/** Requests that open a connection take longer than those that reuse one. */
const warmingUpMs = 2000;

export function createLatencyFloor(): LatencyFloor {
  let begunAt: number | undefined;
  let spanEndsAt = 0;
  let least = Infinity;
  let leastBefore = Infinity;

  return {
    get ms() {
      const known = Math.min(least, leastBefore);
      return known === Infinity ? 0 : known;
    },
    add(tookMs, startedAt) {
      begunAt ??= startedAt;
      if (startedAt < begunAt + warmingUpMs) return;
      if (startedAt >= spanEndsAt) {
        leastBefore = least;
        least = Infinity;
        spanEndsAt = startedAt + spanMs;
      }
      least = Math.min(least, tookMs);
    },
  };
}
