/** Time, as an input. */
export interface Clock {
  now(): Date;
  /**
   * Resolves at `at`, never before, or as soon as `woken` resolves; at once when `at` has passed. A change of the wall
   * clock meanwhile does not matter.
   */
  sleepUntil(at: Date, woken?: Promise<unknown>): Promise<void>;
}
