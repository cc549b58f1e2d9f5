import { createAlarm } from "../alarm.ts";
import type { Hold } from "../hold.ts";
import type { PairLimit } from "../pair/pair-limit.ts";
import { createPermitPool } from "./permit-pool.ts";
import { queueNameOf, queuesLike, newFairQueue, type NumberQueues, type PairQueue, type Waiter } from "./waiters.ts";
import { createFifo } from "./fifo.ts";
import type { SteadyTime } from "../../time/steady-time.ts";

/**
 * Decides which submission starts next. A submission first waits for its pair and then for its number. It takes its slots at both
 * and its permit in one step, so a waiter never holds anything that another could use.
 */
export interface Scheduler {
  /** Whether nothing is ahead of the submission and no limit applies. */
  canStartNow(waiter: Waiter, now: number): boolean;
  /** Starts the submission if it can start now. */
  startNow(waiter: Waiter, now: number): void;
  /** Queues the submission. At its turn it gets a permit and is woken. */
  enqueue(waiter: Waiter, now: number): void;
  /** Removes a waiter. */
  cancel(waiter: Waiter, now: number): void;
  /** Frees what an ended submission held, and starts those that may start now. */
  release(waiter: Waiter, now: number): void;
  /** Starts those that may start now that the number has slots. */
  reconsider(number: NumberQueues, now: number): void;
  /** Wakes all waiters of a number: none gets a permit. */
  deny(number: NumberQueues, hold: Hold): void;
  /** Wakes the waiters of a paused number whose deadline is before `until`. */
  wakeBefore(number: NumberQueues, until: number): void;
}

interface SchedulerOptions {
  readonly time: SteadyTime;
  readonly permits: number;
  readonly pairLimit: PairLimit;
  /** Whether submissions of one pair start only one after another. */
  readonly inOrder: boolean;
}

/** A scheduler with `permits` permits. */
export function createScheduler({ time, permits, pairLimit, inOrder }: SchedulerOptions): Scheduler {
  const pool = createPermitPool(permits, ring);
  let turns = 0;

  function ring(number: NumberQueues, at: number): void {
    number.alarm ??= createAlarm(time, () => {
      pool.reconsider(number);
      startReady(time.now());
    });
    number.alarm.set(at);
  }

  /** One timer for all waiters of a number. */
  function startWaiting(waiter: Waiter): void {
    const { number, deadline } = waiter;
    waiter.tenant.waiting += 1;
    waiter.waitingPlace = number.waiting.add(waiter, deadline);
    number.deadlineAlarm ??= createAlarm(time, () => wakeExpired(number));
    number.deadlineAlarm.set(deadline);
  }

  function stopWaiting(waiter: Waiter): void {
    const { number, tenant, waitingPlace } = waiter;
    if (!waitingPlace) return;
    tenant.waiting -= 1;
    number.waiting.remove(waitingPlace);
    waiter.waitingPlace = undefined;
    if (!number.waiting.first) number.deadlineAlarm?.clear();
  }

  function wakeExpired(number: NumberQueues): void {
    wakeBefore(number, time.now() + 1);
    const next = number.waiting.first;
    if (next) number.deadlineAlarm?.set(next.deadline);
  }

  function wakeBefore({ waiting }: NumberQueues, until: number): void {
    for (let waiter = waiting.first; waiter && waiter.deadline < until; waiter = waiting.first) {
      wakeWithoutPermit(waiter);
    }
  }

  function wakeWithoutPermit({ number, waitingPlace, wake }: Waiter): void {
    if (waitingPlace) number.waiting.remove(waitingPlace);
    wake?.();
  }

  function start(waiter: Waiter, now: number): void {
    stopWaiting(waiter);
    pool.take(waiter.tenant, waiter.number);
    waiter.pair.isBusy = true;
    waiter.started = waiter.number.gate.start(waiter.rateKey, now);
    waiter.wake?.();
  }

  function canStartNow({ rateKey, tenant, number, pair }: Waiter, now: number): boolean {
    return (
      number.queues.size === 0 &&
      isPairFree(pair, now) &&
      number.gate.allowedAt(rateKey, now) <= now &&
      pool.mayTake(tenant, number)
    );
  }

  function waitForPair(waiter: Waiter): void {
    const { pair } = waiter;
    pair.waiting ??= {
      queue: createFifo(),
      alarm: createAlarm(time, () => {
        const now = time.now();
        advancePair(pair, now);
        startReady(now);
      }),
    };
    waiter.queuePlace = pair.waiting.queue.add(waiter);
  }

  /** Whether it needs no place in the queue of its pair. */
  function isPairFree(pair: PairQueue, now: number): boolean {
    return !pair.waiting && !(inOrder && pair.isBusy) && pairLimit.allowedAt(pair.debt, now) <= now;
  }

  function leavePairQueue({ pair, queuePlace }: Waiter): void {
    if (queuePlace) pair.waiting?.queue.remove(queuePlace);
  }

  /** Moves the waiters of a pair to their fair queues, as far as the pair limit allows. */
  function advancePair(pair: PairQueue, now: number): void {
    if (!pair.waiting) return;
    const { queue, alarm } = pair.waiting;
    for (let waiter = queue.first; waiter && !(inOrder && pair.isBusy); waiter = queue.first) {
      const allowedAt = pairLimit.allowedAt(pair.debt, now);
      if (allowedAt > now) return alarm.set(allowedAt);
      leavePairQueue(waiter);
      joinQueue(waiter);
    }
    if (queue.size > 0) return;
    alarm.clear();
    pair.waiting = undefined;
  }

  function joinQueue(waiter: Waiter): void {
    const { rateKey, number, pair } = waiter;
    pair.isBusy = true;
    const name = queueNameOf(rateKey);
    let queue = number.queues.get(name);
    if (!queue) {
      queue = newFairQueue(waiter, (turns += 1));
      number.queues.set(name, queue);
      pool.add(queue);
    }
    waiter.queue = queue;
    waiter.queuePlace = queue.waiters.add(waiter);
    queuesLike(number, rateKey).count.joined(queue.waiters.size);
    number.gate.queued(time.now());
  }

  function leaveFairQueue(waiter: Waiter): void {
    const { queue, queuePlace, rateKey, number } = waiter;
    if (!queue || !queuePlace) return;
    queuesLike(number, rateKey).count.left(queue.waiters.size);
    queue.waiters.remove(queuePlace);
    waiter.queue = undefined;
    if (queue.waiters.size > 0) return;
    queue.leave();
    number.queues.delete(queue.name);
    if (number.queues.size > 0) return;
    pool.drop(number);
    number.gate.queueEmptied();
    number.alarm?.clear();
  }

  /** Starts submissions as long as one may start. The others keep their place. */
  function startReady(now: number): void {
    for (let queue = pool.next(now); queue; queue = pool.next(now)) {
      const waiter = queue.waiters.first;
      if (!waiter) return;
      leaveFairQueue(waiter);
      start(waiter, now);
      if (queue.waiters.size === 0) continue;
      // The other queues of its number come first next time.
      queue.leave();
      queue.turn = turns += 1;
      pool.add(queue);
    }
  }

  return {
    canStartNow,
    startNow(waiter, now) {
      if (canStartNow(waiter, now)) start(waiter, now);
    },
    enqueue(waiter, now) {
      startWaiting(waiter);
      if (isPairFree(waiter.pair, now)) joinQueue(waiter);
      else {
        waitForPair(waiter);
        advancePair(waiter.pair, now);
      }
      startReady(now);
    },
    cancel(waiter, now) {
      stopWaiting(waiter);
      if (waiter.queue) {
        leaveFairQueue(waiter);
        waiter.pair.isBusy = false;
      } else leavePairQueue(waiter);
      advancePair(waiter.pair, now);
      startReady(now);
    },
    release({ tenant, number, pair }, now) {
      pool.giveBack(tenant, number);
      pair.isBusy = false;
      advancePair(pair, now);
      pool.reconsider(number);
      startReady(now);
    },
    reconsider(number, now) {
      pool.reconsider(number);
      startReady(now);
    },
    deny({ waiting }, hold) {
      for (let waiter = waiting.first; waiter; waiter = waiting.first) {
        waiter.denied = hold;
        wakeWithoutPermit(waiter);
      }
    },
    wakeBefore,
  };
}
