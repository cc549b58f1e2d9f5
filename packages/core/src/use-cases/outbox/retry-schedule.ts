const firstRetriesMs = [1000, 5000, 60_000, 300_000, 1_800_000];
const hourMs = 3_600_000;
const hourlyRetries = 72;

/** How long a delivery is retried. */
export const longestRetryMs = firstRetriesMs.reduce((sum, ms) => sum + ms, hourlyRetries * hourMs);

/** The time of the next delivery; undefined after three days. */
export function nextTryAt(earlierClaims: number, now: Date, askedFor: Date | undefined): Date | undefined {
  if (earlierClaims >= firstRetriesMs.length + hourlyRetries) return undefined;
  const retryAt = new Date(now.getTime() + (firstRetriesMs[earlierClaims] ?? hourMs));
  return askedFor && askedFor > retryAt ? askedFor : retryAt;
}
