/** Bounds how often the list of an account is read again before it is due, whatever asks for it. */
export interface RereadLimit {
  /** Whether it may be read again now, with so many templates in it. If so, the read is counted. */
  take(nowMs: number, templates: number): boolean;
}

const leastGapMs = 5000;
/** At most 180 lists an hour. Meta allows 5,000 calls an hour for an account in use (Graph API, "Rate limits"), and a page is a call. */
const mostGapMs = 20_000;
const gapPerTemplateMs = 10;
/** After so long without one, the next is allowed at once. */
const restMs = 300_000;

/** The first is allowed at once, the next after five seconds, and later ones after longer, while they go on. */
export function createRereadLimit(): RereadLimit {
  let lastMs = -Infinity;
  let gapMs = 0;
  return {
    take(nowMs, templates) {
      const sinceMs = nowMs - lastMs;
      if (sinceMs < gapMs) return false;
      gapMs = sinceMs >= restMs ? leastGapMs : Math.min(gapMs * 2, mostGapMs + templates * gapPerTemplateMs);
      lastMs = nowMs;
      return true;
    },
  };
}
