import { errAsync, ResultAsync } from "neverthrow";

import type { Clock } from "../ports/clock.ts";
import type { RateLimited } from "../ports/pacer.ts";

/** Bounds how much work runs at a time, first come, first served. */
export interface Semaphore {
  /**
   * Runs `work` with a permit and releases the permit however `work` ends. `RateLimited` if no permit is free by `deadlineMs`, a
   * time of the clock's `monotonicMs`.
   */
  withPermit<T, E>(deadlineMs: number, work: () => ResultAsync<T, E>): ResultAsync<T, E | RateLimited>;
}

/** A semaphore with `count` permits. */
export function createSemaphore(count: number, clock: Clock): Semaphore {
  let free = count;
  const waiting = new Set<() => void>();

  async function wait(deadlineMs: number): Promise<boolean> {
    let granted = false;
    let wake: () => void = () => {};
    const woken = new Promise<void>((resolve) => {
      wake = () => {
        granted = true;
        resolve();
      };
    });
    waiting.add(wake);
    await clock.sleep(deadlineMs - clock.monotonicMs(), woken);
    waiting.delete(wake);
    return granted;
  }

  /** Passes the permit directly to the first waiter: nobody who comes later can take it. */
  function release(): void {
    const [next] = waiting;
    if (!next) {
      free += 1;
      return;
    }
    waiting.delete(next);
    next();
  }

  async function run<T, E>(deadlineMs: number, work: () => ResultAsync<T, E>) {
    if (free > 0) free -= 1;
    else if (!(await wait(deadlineMs))) {
      const reason = `all ${count} permits are taken`;
      return errAsync<T, E | RateLimited>({ kind: "RateLimited", retryAt: clock.now(), cause: "limit", reason });
    }
    try {
      return await work();
    } finally {
      release();
    }
  }

  return { withPermit: (deadlineMs, work) => new ResultAsync(run(deadlineMs, work)) };
}
