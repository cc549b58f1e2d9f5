import { monitorEventLoopDelay } from "node:perf_hooks";

import type { StoreLoad, Telemetry } from "@message-sender/core/adapter";

import { createOverloadMeter, type LoadReading, type OverloadLevel, type OverloadLimits } from "./overload-level.ts";

/** How overloaded this process is. */
export interface Overload {
  /** Read it for each request: it costs nothing. */
  readonly level: OverloadLevel;
  /** Takes one reading. */
  read(): void;
  stop(): void;
}

interface WatchParts {
  readonly limits: OverloadLimits;
  readonly reading: () => LoadReading;
  readonly telemetry: Telemetry;
}

const everyMs = 250;
const resolutionMs = 20;

/** Keeps the level of overload up to date by four readings a second. Each change is an event. */
export function watchOverload({ limits, reading, telemetry }: WatchParts): Overload {
  const meter = createOverloadMeter(limits);
  let level: OverloadLevel = 0;

  function read(): void {
    const now = reading();
    const next = meter.next(now, performance.now());
    if (next === level) return;
    level = next;
    telemetry.record({ kind: "OverloadChanged", level, ...now });
  }

  const timer = setInterval(read, everyMs).unref();
  return {
    get level() {
      return level;
    },
    read,
    stop: () => clearInterval(timer),
  };
}

/** Reads the event loop of this process, and the store. */
export function createLoadReadings(store: StoreLoad): { readonly read: () => LoadReading; readonly stop: () => void } {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  let before = { count: 0, sum: 0 };

  /** The mean since the reading before. A reset would drop the delay that is going on. */
  function loopDelayMs(): number {
    const now = { count: delays.count, sum: delays.count === 0 ? 0 : delays.mean * delays.count };
    const count = now.count - before.count;
    if (count === 0) return 0;
    const meanMs = (now.sum - before.sum) / count / 1e6;
    before = now;
    return Math.max(0, Math.round(meanMs - resolutionMs));
  }

  return {
    read: () => ({ loopDelayMs: loopDelayMs(), storeWaitMs: Math.round(store.oldestWaitMs()) }),
    stop: () => void delays.disable(),
  };
}
