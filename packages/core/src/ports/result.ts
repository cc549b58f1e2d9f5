import type { ResultAsync } from "neverthrow";

/** What every port answers with: a value or an error, never a rejection. */
export type R<T, E> = ResultAsync<T, E>;

/** The other side cannot be reached, does not answer in time or answers what it should not. Asking again may help. */
export interface Unavailable {
  readonly kind: "Unavailable";
  /** Says what was unavailable; holds no secret. */
  readonly reason: string;
  readonly cause?: unknown;
  /** When asking again may help, where the other side said so. */
  readonly retryAt?: Date;
}
