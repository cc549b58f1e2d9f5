/** Time, as an input. */
export interface Clock {
  now(): Date;
  /**
   * Resolves at `at`, never before. Resolves at once when `at` has passed. Resolves as soon as `woken` settles, even
   * where that is a rejection. A change of the wall clock meanwhile does not matter.
   */
  sleepUntil(at: Date, woken?: Promise<unknown>): Promise<void>;
}
