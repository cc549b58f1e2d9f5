const hourMs = 3_600_000;
const thenHourlyForThreeDays: readonly number[] = Array.from({ length: 72 }, () => hourMs);

/** The waits between the deliveries of an entry. */
export const retryScheduleMs = [1000, 5000, 60_000, 300_000, 1_800_000, ...thenHourlyForThreeDays];

/**
 * Closer at first: the later events of the message wait, so a receiver that fails every third request at random must not delay one
 * of them by minutes because it failed six times in a row. A receiver that is away is not asked this often: `StatusCallbacks` puts
 * its events back untried.
 */
export const statusRetryScheduleMs = [1000, 2000, 5000, 10_000, 20_000, 30_000]
  .flatMap((ms) => [ms, ms])
  .concat(retryScheduleMs.slice(2));

/** The time of the next delivery; undefined once the schedule is used up. */
export function nextTryAt(
  scheduleMs: readonly number[],
  earlierClaims: number,
  now: Date,
  askedFor: Date | undefined,
): Date | undefined {
  const waitMs = scheduleMs[earlierClaims];
  if (waitMs === undefined) return undefined;
  const retryAt = new Date(now.getTime() + waitMs);
  return askedFor && askedFor > retryAt ? askedFor : retryAt;
}
