/** What shows that a process has more to do than it can. */
export interface LoadReading {
  /** How much longer than it should one turn of the event loop takes. */
  readonly loopDelayMs: number;
  /** How long the oldest commit has been waiting. */
  readonly storeWaitMs: number;
}

/** At which reading the first level begins. Each further level begins at four times the one before. 0: it does not count. */
export type OverloadLimits = LoadReading;

/**
 * 0: all requests are served. 1: those that can come later are refused, which are batches and queued messages. 2: sends too. 3: reads
 * too. 4: webhooks too, which WhatsApp repeats.
 */
export type OverloadLevel = 0 | 1 | 2 | 3 | 4;

export interface OverloadMeter {
  /** The level after one more reading, at a time of a clock that only goes forward. */
  next(reading: LoadReading, atMs: number): OverloadLevel;
}

const levels = [0, 1, 2, 3, 4] as const;
/** Less than this is a burst or a pause, and not an overload. */
const lastsMs = 1000;

/**
 * Rises to the level that each reading of a second asks for. Falls by one level after a second below half of what began it, so that it
 * does not flap.
 */
export function createOverloadMeter(limits: OverloadLimits): OverloadMeter {
  let level: OverloadLevel = 0;
  /** Since when each reading has asked for a level, by the level. */
  let since: readonly number[] = levels.map(() => Infinity);
  let calmSince = Infinity;

  function pressureOf({ loopDelayMs, storeWaitMs }: LoadReading): number {
    return Math.max(shareOf(loopDelayMs, limits.loopDelayMs), shareOf(storeWaitMs, limits.storeWaitMs));
  }

  return {
    next(reading, atMs) {
      const pressure = pressureOf(reading);
      since = since.map((began, asked) => (pressure >= beginOf(asked) ? Math.min(began, atMs) : Infinity));
      calmSince = pressure < beginOf(level) / 2 ? Math.min(calmSince, atMs) : Infinity;
      const asked = levels.findLast((one) => atMs - (since[one] ?? Infinity) >= lastsMs) ?? 0;
      if (asked > level) level = asked;
      else if (level > 0 && atMs - calmSince >= lastsMs) {
        level = levels[level - 1] ?? 0;
        calmSince = atMs;
      }
      return level;
    },
  };
}

/** At how many times the limit a level begins. */
function beginOf(level: number): number {
  return level === 0 ? 0 : 4 ** (level - 1);
}

function shareOf(value: number, limit: number): number {
  return limit > 0 ? value / limit : 0;
}
