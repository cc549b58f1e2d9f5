import type { Clock } from "../ports/clock.ts";
import { asManualClock } from "../ports/timeline.ts";

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /** Sets the wall clock forward, or back, while no time passes. */
  stepWall(ms: number): void;
  /** Moves time on, waking each sleeper at its own time and letting it work before time goes on. */
  advance(ms: number): Promise<void>;
  /** Moves time from sleeper to sleeper until `work` is done: a send with all its waits takes no time at all. */
  runUntil<T>(work: PromiseLike<T>): Promise<T>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function createManualClock(start: Date = new Date("2025-11-21T10:00:00Z")): ManualClock {
  /** Monotonic time. The wall clock is `wallAhead` later. */
  let now = 0;
  let wallAhead = start.getTime();
  const sleepers = new Set<Sleeper>();

  const earliest = (): Sleeper | undefined => {
    let first: Sleeper | undefined;
    for (const sleeper of sleepers) if (!first || sleeper.at < first.at) first = sleeper;
    return first;
  };

  async function wake(sleeper: Sleeper): Promise<void> {
    now = Math.max(now, sleeper.at);
    sleeper.wake();
    await settle();
  }

  return asManualClock({
    now: () => new Date(Math.floor(now + wallAhead)),
    monotonicMs: () => now,
    stepWall(ms) {
      wallAhead += ms;
    },

    async sleep(ms, woken) {
      if (ms <= 0) return;
      await new Promise<void>((resolve) => {
        const sleeper: Sleeper = {
          at: now + Math.ceil(ms),
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        woken?.then(sleeper.wake, sleeper.wake);
      });
    },

    async advance(ms) {
      const until = now + ms;
      await settle();
      for (let next = earliest(); next && next.at <= until; next = earliest()) await wake(next);
      now = until;
    },

    async runUntil(work) {
      let done = false;
      const finished = (async () => {
        try {
          return await work;
        } finally {
          done = true;
        }
      })();
      await settle();
      for (let next = earliest(); next && !done; next = earliest()) await wake(next);
      return finished;
    },
  });
}

/** Lets everything run that waits for nothing but promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
}
