import { errAsync, ResultAsync } from "neverthrow";

import type { Clock } from "./ports/clock.ts";
import type { HeldBack } from "./ports/pacer.ts";
import type { R } from "./ports/result.ts";

/** A bounded number of things at a time, first come first served. */
export interface Permits {
  /** Runs `work` under a permit and takes the permit back however `work` ends; `HeldBack` if none is free by `deadlineAt`. */
  within<T, E>(deadlineAt: Date, work: () => R<T, E>): R<T, E | HeldBack>;
}

export function createPermits(count: number, clock: Clock): Permits {
  let free = count;
  const waiting = new Set<() => void>();

  async function wait(deadlineAt: Date): Promise<boolean> {
    let granted = false;
    let wake: () => void = () => {};
    const woken = new Promise<void>((resolve) => {
      wake = () => {
        granted = true;
        resolve();
      };
    });
    waiting.add(wake);
    await clock.sleepUntil(deadlineAt, woken);
    waiting.delete(wake);
    return granted;
  }

  /** Hands the permit straight to the first in line, so that nobody who comes later can take it. */
  function release(): void {
    const [next] = waiting;
    if (!next) {
      free += 1;
      return;
    }
    waiting.delete(next);
    next();
  }

  async function run<T, E>(deadlineAt: Date, work: () => R<T, E>) {
    if (free > 0) free -= 1;
    else if (!(await wait(deadlineAt))) {
      const reason = `all ${count} permits are taken`;
      return errAsync<T, E | HeldBack>({ kind: "HeldBack", until: deadlineAt, because: "limit", reason });
    }
    try {
      return await work();
    } finally {
      release();
    }
  }

  return { within: (deadlineAt, work) => new ResultAsync(run(deadlineAt, work)) };
}
