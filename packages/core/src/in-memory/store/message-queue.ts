import { okAsync } from "neverthrow";

import type { MessageId } from "../../content/identifiers.ts";
import type { Message } from "../../domain/message.ts";
import { createHeap, type HeapPlace } from "../../time/heap.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LineState, MessageQueue } from "../../ports/store/message-queue.ts";
import type { ProcessLease } from "../../ports/store/process-lease.ts";
import type { SteadyTime } from "../../time/steady-time.ts";
import { createLines, firstDueAt, headsOf, type Line } from "./lines.ts";
import { createHolder, type Holder, shareOf } from "./holder.ts";

/** The queue as one process has it. */
export interface InMemoryProcess {
  readonly queue: MessageQueue;
  readonly lease: ProcessLease;
  /** Lets it send no heartbeat any more, as if it were paused or had ended. */
  pause(): void;
  /** Lets it send heartbeats again. */
  wake(): void;
}

/** A queue over the messages of its store. */
export interface InMemoryQueue {
  /** Notes a message as it is accepted or changed. */
  note(message: Message): void;
  /** When each message that waits is due, as steady times. */
  dueTimes(): ReadonlyMap<MessageId, number>;
  /** The queue of one more process. */
  open(): InMemoryProcess;
}

export function createInMemoryMessageQueue(options: {
  readonly clock: Clock;
  readonly time: SteadyTime;
  readonly find: (id: MessageId) => Message | undefined;
}): InMemoryQueue {
  const { clock, time, find } = options;
  const lines = createLines(clock, time);
  const holders: Holder[] = [];
  const heldBy = new Map<Line, Holder>();
  /** The lines that nobody holds, by when they are due. */
  const free = createHeap<Line>();
  const freePlaces = new Map<Line, HeapPlace<Line>>();

  function leaveFree(line: Line): void {
    const place = freePlaces.get(line);
    if (place) free.remove(place);
    freePlaces.delete(line);
  }

  function setFree(line: Line, dueAt: number): void {
    leaveFree(line);
    line.dueAt = dueAt;
    if (line.places.length === 0) lines.drop(line);
    else if (dueAt < Infinity) freePlaces.set(line, free.add(line, dueAt));
  }

  function release(line: Line, holder: Holder): void {
    if (!holder.held.delete(line)) return;
    heldBy.delete(line);
    setFree(line, firstDueAt(line));
  }

  function releaseOver(): void {
    for (const holder of holders) {
      if (holder.isOver()) for (const line of holder.held) release(line, holder);
    }
  }

  /** Takes the due lines from the free ones, of each tenant those that have been due longest first. */
  function takeDue(): Map<string, Line[]> {
    const now = time.now();
    const byTenant = new Map<string, Line[]>();
    for (let line = free.first; line && line.dueAt <= now; line = free.first) {
      const { tenantId } = line.ref;
      const others = byTenant.get(tenantId);
      if (others) others.push(line);
      else byTenant.set(tenantId, [line]);
      leaveFree(line);
    }
    return byTenant;
  }

  /** How many lines a holder may hold. `due`: how many lines are due and free. */
  function share(due: number): number {
    return shareOf(heldBy.size + due, holders.filter((holder) => holder.isWorking()).length);
  }

  function countDue(): number {
    const now = time.now();
    return Array.from(freePlaces.keys()).filter(({ dueAt }) => dueAt <= now).length;
  }

  function claim(holder: Holder, limit: number): readonly Line[] {
    holder.claims();
    releaseOver();
    const due = takeDue();
    const inTurn = takeTurns([...due.values()]);
    const wanted = Math.max(0, Math.min(limit, share(inTurn.length) - holder.held.size));
    for (const line of inTurn.slice(wanted)) setFree(line, line.dueAt);
    const claimed = inTurn.slice(0, wanted);
    for (const line of claimed) {
      heldBy.set(line, holder);
      holder.held.add(line);
    }
    return claimed;
  }

  function stateOf(line: Line, upTo: number): LineState {
    const now = time.now();
    const first = firstDueAt(line);
    return {
      ...line.ref,
      open: Math.min(upTo, line.places.length),
      due: Math.min(upTo, line.places.filter(({ dueAt }) => dueAt <= now).length),
      dueForMs: Math.max(0, now - first),
      ...(first < Infinity && { nextDueAt: time.toWall(first) }),
      isHeld: heldBy.get(line)?.isOver() === false,
    };
  }

  function queueOf(holder: Holder): MessageQueue {
    return {
      claim: (limit) => okAsync(claim(holder, limit).map(({ ref }) => ref)),
      heads(refs, each) {
        const now = time.now();
        const heads = refs.flatMap((ref) => {
          const line = lines.find(ref);
          return line && holder.held.has(line) && !holder.isOver() ? headsOf(line, now, each) : [];
        });
        return okAsync(heads.flatMap(({ id }) => find(id) ?? []));
      },
      release(refs) {
        for (const ref of refs) {
          const line = lines.find(ref);
          if (line) release(line, holder);
        }
        return okAsync(undefined);
      },
      depth: (tenantId, upTo) => okAsync(Math.min(upTo, lines.depth(tenantId))),
      state({ tenantId, limit, upTo }) {
        const found = [...lines.all()].filter(
          ({ ref, places }) => places.length > 0 && (tenantId === undefined || ref.tenantId === tenantId),
        );
        const ranked = found.map((line) => ({ line, first: firstDueAt(line) }));
        ranked.sort((one, other) => (one.first === other.first ? 0 : one.first < other.first ? -1 : 1));
        return okAsync(ranked.slice(0, limit).map(({ line }) => stateOf(line, upTo)));
      },
    };
  }

  return {
    note(message) {
      const noted = lines.note(message);
      if (!noted || heldBy.has(noted.line)) return;
      const { line, dueAt } = noted;
      if (dueAt < line.dueAt || line.places.length === 0) setFree(line, dueAt);
    },
    dueTimes: () =>
      new Map([...lines.places.values()].flatMap(({ id, dueAt }) => (dueAt < Infinity ? [[id, dueAt]] : []))),
    open() {
      const holder = createHolder(clock);
      holders.push(holder);
      const wake = (): void => {
        releaseOver();
        holder.wake();
      };
      const surplus = (): number => (holders.length === 1 ? 0 : Math.max(0, holder.held.size - share(countDue())));
      return {
        queue: queueOf(holder),
        lease: { validForMs: holder.validForMs, surplus },
        pause: holder.pause,
        wake,
      };
    },
  };
}

/** The first of each, then the second of each. */
function takeTurns(tenants: readonly (readonly Line[])[]): readonly Line[] {
  const inTurn: Line[] = [];
  const longest = tenants.reduce((most, { length }) => Math.max(most, length), 0);
  for (let turn = 0; turn < longest; turn += 1) {
    for (const ofTenant of tenants) {
      const line = ofTenant[turn];
      if (line) inTurn.push(line);
    }
  }
  return inTurn;
}
