/** Time, as an input. */
export interface Clock {
  /** The wall clock, for times that are recorded and shown. It may be set forward or back at any moment. */
  now(): Date;
  /**
   * Milliseconds, perhaps with a fraction, since an arbitrary moment. They only grow. A change of the wall clock does not
   * affect them: durations are measured by them.
   */
  monotonicMs(): number;
  /**
   * Resolves once `ms` have passed, never before. Resolves at once where `ms` is 0 or less. Resolves as soon as `woken`
   * settles, even where that is a rejection. A change of the wall clock meanwhile does not matter.
   */
  sleep(ms: number, woken?: Promise<unknown>): Promise<void>;
}

/** The wall clock's time `ms` from now. Good at once: the next change of the wall clock makes it wrong. */
export function fromNow(clock: Pick<Clock, "now">, ms: number): Date {
  return new Date(clock.now().getTime() + Math.ceil(ms));
}

/** What the wall clock says when `monotonicMs` comes to `ms`. Good at once, as `fromNow`. */
export function toWallTime(clock: Pick<Clock, "now" | "monotonicMs">, ms: number): Date {
  return fromNow(clock, ms - clock.monotonicMs());
}

/** What `monotonicMs` comes to when the wall clock says `at`. Good at once, as `fromNow`. */
export function toMonotonicMs(clock: Pick<Clock, "now" | "monotonicMs">, at: Date): number {
  return clock.monotonicMs() + at.getTime() - clock.now().getTime();
}
