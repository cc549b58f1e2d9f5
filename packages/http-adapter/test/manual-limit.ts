import { onTestFinished } from "vitest";

/** A time limit that is reached when `reachManualLimit` is called, so that no test races against it. */
export const manualLimitMs = 3_600_001;

/** A time limit that only a hanging request reaches. */
export const generousMs = 60_000;

const held = new Map<unknown, () => void>();

/** Takes over the timers of `manualLimitMs` until the test ends. All others run as usual. */
export function holdManualLimit(): void {
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const holding = (callback: () => void, ms?: number): NodeJS.Timeout => {
    const timer = set(callback, ms);
    if (ms === manualLimitMs) held.set(timer, callback);
    return timer;
  };
  const forgetting = (timer?: Parameters<typeof clear>[0]): void => {
    held.delete(timer);
    clear(timer);
  };
  Object.assign(globalThis, { setTimeout: Object.assign(holding, set), clearTimeout: forgetting });
  onTestFinished(() => {
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
    for (const timer of held.keys()) clear(timer as NodeJS.Timeout);
    held.clear();
  });
}

export function reachManualLimit(): void {
  currentManualLimits()();
}

/** Returns what lets the limits that run now be reached, unless they have ended by then. */
export function currentManualLimits(): () => void {
  const current = [...held.keys()];
  return () => {
    for (const timer of current) {
      const callback = held.get(timer);
      clearTimeout(timer as NodeJS.Timeout);
      callback?.();
    }
  };
}
