/**
 * What to do when an attempt ends without an answer, so that the message may have been sent. `resend`: repeat it. `verify`: wait for
 * evidence from a status webhook, then repeat it once. `hold`: do not repeat it.
 */
export type OnAmbiguous = "resend" | "verify" | "hold";

/** Whether a value is an `OnAmbiguous`. */
export function isOnAmbiguous(value: unknown): value is OnAmbiguous {
  return value === "resend" || value === "verify" || value === "hold";
}

/** The rules of one message, taken as a snapshot when it is accepted, so that a restart or a new setting cannot change them. */
export interface SendPolicy {
  /** One entry per attempt: the wait before it, in milliseconds from the end of the previous attempt. */
  readonly scheduleMs: readonly number[];
  readonly onAmbiguous: OnAmbiguous;
  /** How long `verify` and the queue wait for a status webhook before they repeat an ambiguous attempt, in milliseconds. */
  readonly evidenceMs: number;
  /** No attempt of a queued message begins earlier. */
  readonly scheduledAt?: Date;
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

/** A `Retry-After` limited to 0 to 300 seconds; 0 for anything that is not a number. */
export function clampRetryAfter(retryAfterMs: number | undefined): number {
  return retryAfterMs === undefined || Number.isNaN(retryAfterMs)
    ? 0
    : Math.min(Math.max(retryAfterMs, 0), retryAfterLimitMs);
}
