/** What to do when an attempt ends without an answer. */
export type OnAmbiguous = "resend" | "verify" | "hold";

export function isOnAmbiguous(value: unknown): value is OnAmbiguous {
  return value === "resend" || value === "verify" || value === "hold";
}

/** The rules of one message, taken as a snapshot when it is accepted, so that a restart or a new setting cannot change them. */
export interface SendPolicy {
  /** One entry an attempt: the wait before it, in milliseconds after the end of the one before. */
  readonly scheduleMs: readonly number[];
  readonly onAmbiguous: OnAmbiguous;
  /** How long `verify`, and the queue, wait for a status webhook before they repeat after an ambiguous attempt. */
  readonly evidenceMs: number;
  /** No attempt of a queued message begins later. */
  readonly expiresAt?: Date;
}

export const defaultEvidenceMs = 5000;

export const defaultScheduleMs: readonly number[] = [0, 1000, 2000, 4000];

/** An empty schedule means one attempt at once. */
export function normalizeSchedule(scheduleMs: readonly number[]): readonly number[] {
  return scheduleMs.length === 0 ? [0] : scheduleMs;
}

const retryAfterLimitMs = 300_000;

/** What a `Retry-After` may ask for, between 0 and 300 seconds; anything that is not a number counts as absent. */
export function clampRetryAfter(retryAfterMs: number | undefined): number {
  return retryAfterMs === undefined || Number.isNaN(retryAfterMs)
    ? 0
    : Math.min(Math.max(retryAfterMs, 0), retryAfterLimitMs);
}
