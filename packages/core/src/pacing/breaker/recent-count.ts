/** How often something happened in the last ten seconds, counted by the second. */
export interface RecentCount {
  add(now: number): void;
  total(now: number): number;
  reset(): void;
}

/** The present second and the ten before it. */
const seconds = 11;

export function createRecentCount(): RecentCount {
  const counts = Array.from({ length: seconds }, () => 0);
  let present = 0;
  let sum = 0;

  function reset(): void {
    counts.fill(0);
    sum = 0;
  }

  function moveOn(now: number): void {
    const second = Math.floor(now / 1000);
    if (second - present >= seconds) {
      reset();
      present = second;
    }
    while (present < second) {
      present += 1;
      sum -= counts[present % seconds] ?? 0;
      counts[present % seconds] = 0;
    }
  }

  return {
    add(now) {
      moveOn(now);
      const index = present % seconds;
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
