import type { Identifier } from "../domain/identifiers.ts";
import type { Lane } from "../ports/pacer.ts";
import { type Alarm, createAlarm } from "./alarm.ts";
import { createBulkhead } from "./bulkhead.ts";
import type { NumberGate, Passage } from "./number-gate.ts";
import type { PairDebt, PairLimit } from "./pair-limit.ts";
import { createQueue, type Queue } from "./queue.ts";
import type { SteadyTime } from "./steady-time.ts";

/** A submission that wants to go. */
export interface Visit {
  readonly lane: Lane;
  readonly number: NumberPlace;
  readonly pair: PairPlace;
  /** Until when it can wait, in milliseconds since 1970. */
  readonly deadline: number;
  /** Tells what waits for the passage. */
  wake?: () => void;
  /** There while it holds a permit. */
  passage?: Passage;
  /** Takes it out of the queue that it stands in. */
  leaveQueue?: () => void;
  /** Its place among all who stand in line; there while it does. */
  turn?: number | undefined;
}

/** Where those wait who leave from one number. */
export interface NumberPlace {
  readonly gate: NumberGate;
  held: number;
  /** One for each tenant that somebody waits of, and one for what its queue has; whose turn comes first stands first. */
  readonly lines: Map<string, Line>;
  alarm?: Alarm;
}

/** Those who wait for nothing but their number and a permit. */
export interface Line {
  readonly name: string;
  readonly tenantId: Identifier;
  readonly number: NumberPlace;
  readonly firsts: Queue<Visit>;
  readonly repeats: Queue<Visit>;
  leaveRound?: (() => void) | undefined;
}

export function lineNameOf({ tenantId, isQueued = false }: Lane): string {
  return isQueued ? `${tenantId} queued` : tenantId;
}

/** Where those wait who go from one number to one recipient. */
export interface PairPlace {
  readonly debt: PairDebt;
  /** One is under way, or stands in line. */
  isBusy: boolean;
  waiting?: { readonly queue: Queue<Visit>; readonly alarm: Alarm } | undefined;
}

/**
 * Decides who goes next. A submission waits first for its pair, then for its number, and takes what they and the permits give
 * in one step: whatever it waits for, it holds nothing that another could use.
 */
export interface Scheduler {
  /** Lets it go at once if nobody is before it and nothing keeps it. */
  admit(visit: Visit, now: number): void;
  /** Has it wait for its turn: then it has a passage and is woken. */
  enqueue(visit: Visit, now: number): void;
  /** It waits no longer. */
  withdraw(visit: Visit, now: number): void;
  /** It has ended, what it held is free, and its gates may have changed. */
  release(visit: Visit, now: number): void;
  /** The number is closed: wakes those in line whose deadline comes before `until`. */
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
  const bulkhead = createBulkhead(permits);
  /** The lines whose number may let one go, in turn. */
  const round = createQueue<Line>();
  let turns = 0;

  function enter(visit: Visit, now: number): void {
    bulkhead.take(visit.lane.tenantId);
    visit.number.held += 1;
    visit.pair.isBusy = true;
    visit.passage = visit.number.gate.enter(visit.lane.isRepeat, now);
    visit.wake?.();
  }

  /** Nobody is before it, and nothing keeps it. */
  function mayGoAtOnce({ lane, number, pair }: Visit, now: number): boolean {
    return (
      !pair.waiting &&
      !(inOrder && pair.isBusy) &&
      number.lines.size === 0 &&
      pairLimit.opensAt(pair.debt, now) <= now &&
      number.gate.opensAt(lane.isRepeat, now) <= now &&
      bulkhead.mayTake(lane.tenantId, number.held)
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
    const { lane, number } = visit;
    const name = lineNameOf(lane);
    let line = number.lines.get(name);
    if (!line) {
      line = { name, tenantId: lane.tenantId, number, firsts: createQueue(), repeats: createQueue() };
      number.lines.set(name, line);
    }
    visit.turn = turns += 1;
    visit.leaveQueue = (lane.isRepeat ? line.repeats : line.firsts).add(visit);
    joinRound(line);
  }

  function joinRound(line: Line): void {
    line.leaveRound ??= round.add(line);
  }

  function leaveRound(line: Line): void {
    line.leaveRound?.();
    line.leaveRound = undefined;
  }

  function leaveLine(visit: Visit): void {
    const { lane, number } = visit;
    visit.leaveQueue?.();
    visit.turn = undefined;
    const name = lineNameOf(lane);
    const line = number.lines.get(name);
    if (!line || line.firsts.size + line.repeats.size > 0) return;
    leaveRound(line);
    number.lines.delete(name);
    if (number.lines.size > 0) return;
    number.gate.lineEnded();
    number.alarm?.clear();
  }

  /** Whom the number lets go now: of first attempts and repeats the one who came first, if it may. */
  function nextOf({ number, firsts, repeats }: Line, now: number): Visit | undefined {
    const ready = [firsts.first, repeats.first].filter((visit) => visit !== undefined);
    let next: Visit | undefined;
    for (const visit of ready) {
      const turnAt = number.gate.turnAt(visit.lane.isRepeat, now);
      if (turnAt > now) ring(number, turnAt);
      else if (!next || (visit.turn ?? 0) < (next.turn ?? 0)) next = visit;
    }
    return next;
  }

  function ring(number: NumberPlace, at: number): void {
    number.alarm ??= createAlarm(time, () => look(number, time.now()));
    number.alarm.set(at);
  }

  /** Goes round the lines as long as somebody may go. Who is passed over keeps their place. */
  function letGo(now: number): void {
    if (bulkhead.isFull) return;
    const hasRoom = ({ tenantId, number }: Line): boolean => bulkhead.mayTake(tenantId, number.held);
    for (let line = round.find(hasRoom); line; line = round.find(hasRoom)) {
      leaveRound(line);
      const visit = nextOf(line, now);
      if (!visit) continue;
      leaveLine(visit);
      enter(visit, now);
      if (line.firsts.size + line.repeats.size > 0) standLast(line);
    }
  }

  /** The others of its number go first the next time. */
  function standLast(line: Line): void {
    const { lines } = line.number;
    lines.delete(line.name);
    lines.set(line.name, line);
    joinRound(line);
  }

  function look(number: NumberPlace, now: number): void {
    for (const line of number.lines.values()) joinRound(line);
    letGo(now);
  }

  return {
    admit(visit, now) {
      if (mayGoAtOnce(visit, now)) enter(visit, now);
    },
    enqueue(visit, now) {
      waitForPair(visit);
      callNext(visit.pair, now);
      letGo(now);
    },
    withdraw(visit, now) {
      if (visit.turn === undefined) visit.leaveQueue?.();
      else {
        leaveLine(visit);
        visit.pair.isBusy = false;
      }
      callNext(visit.pair, now);
      letGo(now);
    },
    release({ lane, number, pair }, now) {
      bulkhead.giveBack(lane.tenantId);
      number.held -= 1;
      pair.isBusy = false;
      callNext(pair, now);
      look(number, now);
    },
    giveUp(number, until) {
      for (const { firsts, repeats } of number.lines.values()) {
        for (const queue of [firsts, repeats]) {
          for (const visit of queue) if (visit.deadline < until) visit.wake?.();
        }
      }
    },
  };
}
