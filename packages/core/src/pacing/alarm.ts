import type { SteadyTime } from "../time/steady-time.ts";

/** A timer on the steady time. It rings once, at the earliest of the times that it was set to. */
export interface Alarm {
  set(at: number): void;
  clear(): void;
}

/** An alarm that calls `ring`. */
export function createAlarm(time: SteadyTime, ring: () => void): Alarm {
  let current: { readonly at: number; readonly cancel: () => void } | undefined;

  function clear(): void {
    current?.cancel();
    current = undefined;
  }

  return {
    set(at) {
      if (at === Infinity || (current && current.at <= at)) return;
      clear();
      const { promise: canceled, resolve: cancel } = Promise.withResolvers<void>();
      const mine = { at, cancel };
      const wake = (): void => {
        if (current !== mine) return;
        current = undefined;
        ring();
      };
      current = mine;
      time.sleepUntil(at, canceled).then(wake, wake);
    },
    clear,
  };
}
