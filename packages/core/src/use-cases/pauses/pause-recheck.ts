import type { Pause } from "../../domain/pause.ts";

const leastMs = 1000;
const mostMs = 300_000;

/**
 * How long a queued message waits before it looks again whether its template is still paused: as long as the pause has lasted, but one
 * second to five minutes, and no longer than the pause. So a pause that was short ends soon for all, and one that is long costs little.
 */
export function pauseRecheckMs({ at, until }: Pause, now: Date): number {
  const lasted = Math.min(Math.max(now.getTime() - at.getTime(), leastMs), mostMs);
  return until ? Math.min(lasted, Math.max(until.getTime() - now.getTime(), 0)) : lasted;
}
