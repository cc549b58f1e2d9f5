import { createHeap } from "../time/heap.ts";
import type { Clock } from "../ports/clock.ts";
import { asManualClock } from "../ports/timeline.ts";

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Sets the wall clock forward, or back by a negative `ms`; no time passes. */
  stepWall(ms: number): void;
  /**
   * Lets `ms` pass. Sleepers wake in the order of their times, each at its own time, and each runs until it sleeps again before
   * the next one wakes. After an hour and 10,000 wake-ups in one call, time moves in steps of ten minutes: sleepers still wake in
   * their order and never early, but up to ten minutes late. A month then takes a few seconds, even while a sender works in the
   * background.
   */
  advance(ms: number): Promise<void>;
  /**
   * Moves time from sleeper to sleeper until `work` is done: a send with all its waits takes no real time. While `work` waits for
   * something else, such as a real request, time stands still.
   */
  runUntil<T>(work: PromiseLike<T>): Promise<T>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Within one `advance`, sleepers wake exactly on time until both of these are exceeded. */
const exact = { ms: 3_600_000, wakeUps: 10_000 };
const strideMs = 600_000;

/**
 * A clock for tests. Time passes only in `advance` and `runUntil`.
 *
 * @example
 * const clock = createManualClock();
 * const sent = await clock.runUntil(sender.send(command));
 */
export function createManualClock(start: Date = new Date("2025-11-21T10:00:00Z")): ManualClock {
  /** The monotonic time. The wall clock is ahead of it by `wallAhead`. */
  let now = 0;
  let wallAhead = start.getTime();
  const sleepers = createHeap<Sleeper>();
  let onSleep: () => void = () => {};

  /** Wakes the first sleeper; time moves on to its time, or to `at` if that is later. */
  async function wakeFirst({ at, wake }: Sleeper, atLeast = at): Promise<void> {
    now = Math.max(now, at, atLeast);
    wake();
    await settle();
  }

  /** The end of the next step. All sleepers that are due by then wake at that time. */
  function stepOf(next: Sleeper, startedAt: number, wakeUps: number, until: number): number {
    const isExact = wakeUps < exact.wakeUps || now - startedAt < exact.ms;
    return isExact ? next.at : Math.min(until, Math.max(next.at, now + strideMs));
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
        const at = now + Math.ceil(ms);
        const wake = (): void => {
          sleepers.remove(place);
          resolve();
        };
        const place = sleepers.add({ at, wake }, at);
        woken?.then(wake, wake);
        onSleep();
      });
    },

    async advance(ms) {
      const [startedAt, until] = [now, now + ms];
      let wakeUps = 0;
      await settle();
      for (let next = sleepers.first; next && next.at <= until; next = sleepers.first) {
        const step = stepOf(next, startedAt, wakeUps, until);
        for (let due: Sleeper | undefined = next; due && due.at <= step; due = sleepers.first) {
          await wakeFirst(due, step);
          wakeUps += 1;
        }
      }
      now = until;
    },

    async runUntil(work) {
      let isDone = false;
      const finished = (async () => {
        try {
          return await work;
        } finally {
          isDone = true;
        }
      })();
      const ended = finished.then(
        () => {},
        () => {},
      );
      await settle();
      while (!isDone) {
        const next = sleepers.first;
        if (next) await wakeFirst(next);
        else {
          const slept = new Promise<void>((resolve) => (onSleep = resolve));
          await Promise.race([ended, slept]);
          await settle();
        }
      }
      return finished;
    },
  });
}

const resolved = Promise.resolve();

/** Lets everything run that waits only for resolved promises. */
function settle(): Promise<void> {
  return new Promise((resolve, reject) => {
    let turnsLeft = 200;
    // Tests with long waits spend most of their time here: an async function takes half as long again.
    function turn(): void {
      if ((turnsLeft -= 1) === 0) resolve();
      else resolved.then(turn, reject);
    }
    turn();
  });
}
