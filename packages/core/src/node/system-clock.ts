import type { Clock } from "../ports/clock.ts";
import { inRealTime } from "../ports/timeline.ts";

const longestTimerMs = 2 ** 31 - 1;

/**
 * The system's clock, for a sender in production.
 *
 * @example
 * const sender = createMessageSender({ ...ports, clock: createSystemClock(), ids: createSystemIds() });
 */
export function createSystemClock(): Clock {
  return inRealTime({ now: () => new Date(), monotonicMs: () => performance.now(), sleep });
}

async function sleep(ms: number, woken?: Promise<unknown>): Promise<void> {
  if (ms <= 0) return;
  const target = performance.now() + ms;
  let awake = false;
  let wake: () => void = () => {};
  const wakeUp = (): void => {
    awake = true;
    wake();
  };
  woken?.then(wakeUp, wakeUp);
  // A timer may fire a little early and holds at most 2^31 ms, hence the loop.
  for (let leftMs = ms; leftMs > 0 && !awake; leftMs = target - performance.now()) {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, Math.min(Math.ceil(leftMs), longestTimerMs));
    });
    clearTimeout(timer);
  }
}
