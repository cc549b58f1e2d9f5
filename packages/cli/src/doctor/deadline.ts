import { type Check, failed } from "./check.ts";

/** Bounds a whole run: each call has its own limit, but a check may make many. */
export interface Deadline {
  /** Aborts once the time is over. */
  readonly signal: AbortSignal;
  /** What the checks found, or that they were not finished in time. */
  within(name: string, checks: Promise<readonly Check[]>): Promise<readonly Check[]>;
}

export function createDeadline(seconds: number): Deadline {
  const signal = AbortSignal.timeout(seconds * 1000);
  const over = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  const advice = "repeat it with a longer --timeout, and see why the other side is slow";
  return {
    signal,
    within: (name, checks) =>
      Promise.race([checks, over.then(() => [failed(name, `not finished within ${seconds} s`, advice)])]),
  };
}
