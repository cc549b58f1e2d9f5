import type { Clock } from "../ports/clock.ts";

const longestTimerMs = 2 ** 31 - 1;

/** The real time; sleeps by the monotonic clock. */
export function createSystemClock(): Clock {
  return { now: () => new Date(), sleepUntil };
}

async function sleepUntil(at: Date, woken?: Promise<unknown>): Promise<void> {
  const waitMs = at.getTime() - Date.now();
  if (waitMs <= 0) return;
  // Both dates have lost the fraction of their millisecond: the extra one keeps "never before".
  const target = performance.now() + waitMs + 1;
  let awake = false;
  let wake: () => void = () => {};
  const wakeUp = (): void => {
    awake = true;
    wake();
  };
  woken?.then(wakeUp, wakeUp);
  // A timer may fire a little early and holds at most 2^31 ms, hence the loop.
  for (let leftMs = target - performance.now(); leftMs > 0 && !awake; leftMs = target - performance.now()) {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, Math.min(Math.ceil(leftMs), longestTimerMs));
    });
    clearTimeout(timer);
  }
}
