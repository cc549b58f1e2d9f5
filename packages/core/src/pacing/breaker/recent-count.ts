/** Counts events of the last ten seconds, second by second. */
export interface RecentCount {
  add(now: number): void;
  total(now: number): number;
  reset(): void;
}

/** The current second and the ten before it. */
const seconds = 11;

export function createRecentCount(): RecentCount {
  const counts = Array.from({ length: seconds }, () => 0);
  let current = 0;
  let sum = 0;

  function reset(): void {
    counts.fill(0);
    sum = 0;
  }

  function moveOn(now: number): void {
    const second = Math.floor(now / 1000);
    if (second - current >= seconds) {
      reset();
      current = second;
    }
    while (current < second) {
      current += 1;
      sum -= counts[current % seconds] ?? 0;
      counts[current % seconds] = 0;
    }
  }

  return {
    add(now) {
      moveOn(now);
      const index = current % seconds;
      counts[index] = (counts[index] ?? 0) + 1;
      sum += 1;
    },
    total(now) {
      moveOn(now);
      return sum;
    },
    reset,
  };
}
