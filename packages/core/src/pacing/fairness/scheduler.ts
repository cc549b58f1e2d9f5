import { createAlarm } from "../alarm.ts";
import type { PairLimit } from "../pair/pair-limit.ts";
import { createPermitRound } from "./permit-round.ts";
import { lineNameOf, linesLike, newLine, type NumberPlace, type PairPlace, type Visit } from "./places.ts";
import { createQueue } from "./queue.ts";
import type { SteadyTime } from "../../time/steady-time.ts";

/**
 * Decides who goes next. A submission waits first for its pair, then for its number, and takes what they and the permits give
 * in one step: whatever it waits for, it holds nothing that another could use.
 */
export interface Scheduler {
  /** Nobody is before it, and nothing keeps it. */
  mayGoAtOnce(visit: Visit, now: number): boolean;
  /** Lets it go at once if it may. */
  admit(visit: Visit, now: number): void;
  /** Has it wait for its turn: then it has a passage and is woken. */
  enqueue(visit: Visit, now: number): void;
  /** It waits no longer. */
  withdraw(visit: Visit, now: number): void;
  /** It has ended, what it held is free, and its gates may have changed. */
  release(visit: Visit, now: number): void;
  /** The number is closed: wakes those who wait for it, or to get there, and whose deadline comes before `until`. */
  giveUp(number: NumberPlace, until: number): void;
}

interface SchedulerOptions {
  readonly time: SteadyTime;
  readonly permits: number;
  readonly pairLimit: PairLimit;
  /** Whether those of one pair go one after another. */
  readonly inOrder: boolean;
}

export function createScheduler({ time, permits, pairLimit, inOrder }: SchedulerOptions): Scheduler {
  const round = createPermitRound(permits, ring);
  let turns = 0;

  function ring(number: NumberPlace, at: number): void {
    number.alarm ??= createAlarm(time, () => {
      round.lookAt(number);
      letGo(time.now());
    });
    number.alarm.set(at);
  }

  function startWaiting(visit: Visit): void {
    visit.tenant.waiting += 1;
    visit.leaveWaiting = visit.number.waiting.add(visit, visit.deadline);
  }

  function stopWaiting(visit: Visit): void {
    if (!visit.leaveWaiting) return;
    visit.tenant.waiting -= 1;
    visit.leaveWaiting();
    visit.leaveWaiting = undefined;
  }

  function enter(visit: Visit, now: number): void {
    stopWaiting(visit);
    round.take(visit.tenant, visit.number);
    visit.pair.isBusy = true;
    visit.passage = visit.number.gate.enter(visit.rateKey, now);
    visit.wake?.();
  }

  function mayGoAtOnce({ rateKey, tenant, number, pair }: Visit, now: number): boolean {
    return (
      !pair.waiting &&
      !(inOrder && pair.isBusy) &&
      number.lines.size === 0 &&
      pairLimit.opensAt(pair.debt, now) <= now &&
      number.gate.opensAt(rateKey, now) <= now &&
      round.mayTake(tenant, number)
    );
  }

  function waitForPair(visit: Visit): void {
    const { pair } = visit;
    pair.waiting ??= {
      queue: createQueue(),
      alarm: createAlarm(time, () => {
        const now = time.now();
        callNext(pair, now);
        letGo(now);
      }),
    };
    visit.leaveQueue = pair.waiting.queue.add(visit);
  }

  /** Has those of a pair stand in line whom their pair keeps no longer. */
  function callNext(pair: PairPlace, now: number): void {
    if (!pair.waiting) return;
    const { queue, alarm } = pair.waiting;
    for (let visit = queue.first; visit && !(inOrder && pair.isBusy); visit = queue.first) {
      const opensAt = pairLimit.opensAt(pair.debt, now);
      if (opensAt > now) return alarm.set(opensAt);
      visit.leaveQueue?.();
      pair.isBusy = true;
      standInLine(visit);
    }
    if (queue.size > 0) return;
    alarm.clear();
    pair.waiting = undefined;
  }

  function standInLine(visit: Visit): void {
    const { rateKey, number } = visit;
    const name = lineNameOf(rateKey);
    let line = number.lines.get(name);
    if (!line) {
      line = newLine(visit, (turns += 1));
      number.lines.set(name, line);
      round.join(line);
    }
    visit.line = line;
    visit.leaveQueue = line.visits.add(visit);
    linesLike(number, rateKey).count.joined(line.visits.size);
  }

  function leaveLine(visit: Visit): void {
    const { line, rateKey, number } = visit;
    if (!line) return;
    linesLike(number, rateKey).count.left(line.visits.size);
    visit.leaveQueue?.();
    visit.line = undefined;
    if (line.visits.size > 0) return;
    line.leave();
    number.lines.delete(line.name);
    if (number.lines.size > 0) return;
    round.forget(number);
    number.gate.lineEnded();
    number.alarm?.clear();
  }

  /** Lets them go as long as somebody may. Who is passed over keeps their place. */
  function letGo(now: number): void {
    for (let line = round.next(now); line; line = round.next(now)) {
      const visit = line.visits.first;
      if (!visit) return;
      leaveLine(visit);
      enter(visit, now);
      if (line.visits.size === 0) continue;
      // The others of its number go first the next time.
      line.leave();
      line.turn = turns += 1;
      round.join(line);
    }
  }

  return {
    mayGoAtOnce,
    admit(visit, now) {
      if (mayGoAtOnce(visit, now)) enter(visit, now);
    },
    enqueue(visit, now) {
      startWaiting(visit);
      waitForPair(visit);
      callNext(visit.pair, now);
      letGo(now);
    },
    withdraw(visit, now) {
      stopWaiting(visit);
      if (visit.line) {
        leaveLine(visit);
        visit.pair.isBusy = false;
      } else visit.leaveQueue?.();
      callNext(visit.pair, now);
      letGo(now);
    },
    release({ tenant, number, pair }, now) {
      round.giveBack(tenant, number);
      pair.isBusy = false;
      callNext(pair, now);
      round.lookAt(number);
      letGo(now);
    },
    giveUp({ waiting }, until) {
      for (let visit = waiting.first; visit && visit.deadline < until; visit = waiting.first) {
        visit.leaveWaiting?.();
        visit.wake?.();
      }
    },
  };
}
