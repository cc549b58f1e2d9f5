/** For a line about something that lasts: it is due at first, then once an hour, and again once it was cleared. */
export interface Hourly {
  isDue(key: string): boolean;
  clear(key: string): void;
}

const hourMs = 3_600_000;
const mostKeys = 10_000;

export function createHourly(nowMs: () => number): Hourly {
  const lastMs = new Map<string, number>();
  return {
    isDue(key) {
      const now = nowMs();
      const last = lastMs.get(key);
      if (last !== undefined && now - last < hourMs) return false;
      if (lastMs.size === mostKeys) lastMs.clear();
      lastMs.set(key, now);
      return true;
    },
    clear: (key) => void lastMs.delete(key),
  };
}
