/** The other side cannot be reached, does not answer in time or answers nonsense. A retry may succeed. */
export interface Unavailable {
  readonly kind: "Unavailable";
  /** What was unavailable; contains no secret. */
  readonly reason: string;
  readonly cause?: unknown;
  /** When a retry may succeed, where the other side said so. */
  readonly retryAt?: Date;
}
