/** The least that an answer took lately: what is over it may have been lost on the way there. */
export interface UsualTime {
  /** Zero until that is known. */
  readonly ms: number;
  add(tookMs: number, startedAt: number): void;
}

const spanMs = 10_000;
/** What opens connections takes longer than what uses them. */
const warmingUpMs = 2000;

export function createUsualTime(): UsualTime {
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
