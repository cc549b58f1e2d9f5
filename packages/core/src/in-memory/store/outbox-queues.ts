import { erased } from "../../domain/erased.ts";
import type { Clock } from "../../ports/clock.ts";
import { createSteadyTime } from "../../time/steady-time.ts";
import type { ClaimedEntry, ClaimOptions, OutboxSettlement, UndeliveredEntry } from "../../ports/store/outbox.ts";

interface Queue<Entry> {
  readonly name: string;
  readonly entries: QueueEntry<Entry>[];
  /** When its first entry can be claimed: once its lease has ended, or its retry is due. */
  dueAt: number;
  isLeased: boolean;
  /** The set that holds it: of the queues that can be claimed, or of those that wait until they are due. */
  among: Set<Queue<Entry>> | undefined;
}

export interface QueueEntry<Entry> {
  readonly id: string;
  /** Counts the entries as they enter. */
  readonly sequence: number;
  readonly entry: Entry;
  readonly enqueuedAt: number;
  claims: number;
  /** Why it was not delivered the last time. */
  why?: string | undefined;
}

/** What is known about an entry that is not delivered. */
interface EntryFacts<Entry> extends Pick<UndeliveredEntry, "enqueuedAt" | "state" | "claims" | "dueAt" | "why"> {
  readonly entry: Entry;
}

/** Whether an entry is still to be delivered, or was given up. */
export type EntryState = "waiting" | "dead";

/** The entries of one topic, in queues. Only the first entry of a queue can be claimed. */
export interface OutboxQueues<Entry> {
  /** With `leaseMs` the entry enters claimed if it is the first of its queue, and is returned. One that waits already is ignored. */
  add(queue: string, id: string, entry: Entry, leaseMs?: number): ClaimedEntry<Entry> | undefined;
  claim(options: ClaimOptions): readonly ClaimedEntry<Entry>[];
  /** Returns whether such an entry waits. Only the first of its queue is settled. */
  settle(id: string, as: OutboxSettlement, why?: string): boolean;
  /** Puts the dead entries that match at the end of their queues. Returns how many there were. */
  revive(matches: (entry: Entry, id: string) => boolean): number;
  /** Ends the wait for a retry in each queue with an entry that matches. */
  hasten(matches: (entry: Entry) => boolean): void;
  /** What is left of the entries that match, the dead ones first, each in their order. */
  left(matches: (entry: Entry) => boolean): readonly EntryFacts<Entry>[];
  /** Forgets the dead entries. Returns how many there were. */
  discard(): number;
  /** Undefined if it has no such entry. */
  stateOf(id: string): EntryState | undefined;
  /** Forgets up to `limit` entries that entered before a time, dead or not. Returns how many. */
  forgetOld(before: Date, limit: number): number;
  /** How many entries are undelivered, how many are dead, and when the oldest undelivered one entered, as a steady time. */
  waiting(): { readonly count: number; readonly since: number; readonly dead: number };
  /** Whether an undelivered entry matches. */
  some(matches: (entry: Entry) => boolean): boolean;
  /** Replaces the entries that match, and what was said of them. They keep their places. */
  erase(matches: (entry: Entry) => boolean, change: (entry: Entry) => Entry): void;
  /** Removes the entries that match, of queues that have no other, and the dead ones. Returns them. */
  remove(matches: (entry: Entry) => boolean): readonly Entry[];
}

/** `onDelivered` is told of each entry that was delivered. */
export function createOutboxQueues<Entry>(
  clock: Clock,
  onDelivered?: (entry: QueueEntry<Entry>) => void,
): OutboxQueues<Entry> {
  const time = createSteadyTime(clock);
  const queues = new Map<string, Queue<Entry>>();
  const ready = new Set<Queue<Entry>>();
  const waiting = new Set<Queue<Entry>>();
  const byEntry = new Map<string, Queue<Entry>>();
  const dead = new Map<string, QueueEntry<Entry> & { readonly queue: string }>();
  let sequence = 0;
  let nextDueAt = Number.POSITIVE_INFINITY;

  function add(name: string, id: string, entry: Entry, leaseMs?: number): ClaimedEntry<Entry> | undefined {
    if (byEntry.has(id)) return undefined;
    const now = time.now();
    const added = { id, sequence: (sequence += 1), entry, enqueuedAt: now, claims: 0 };
    const known = queues.get(name);
    if (known) {
      known.entries.push(added);
      byEntry.set(id, known);
      return undefined;
    }
    const queue = { name, entries: [added], dueAt: -Infinity, isLeased: false, among: undefined };
    byEntry.set(id, queue);
    queues.set(name, queue);
    if (leaseMs !== undefined) return lease(queue, added, now + leaseMs);
    move(queue, ready);
    return undefined;
  }

  function move(queue: Queue<Entry>, to: Set<Queue<Entry>> | undefined): void {
    if (queue.among === to) return;
    queue.among?.delete(queue);
    queue.among = to;
    to?.add(queue);
  }

  function lease(queue: Queue<Entry>, first: QueueEntry<Entry>, until: number): ClaimedEntry<Entry> {
    const { id, entry, enqueuedAt } = first;
    delayUntil(queue, until);
    queue.isLeased = true;
    return { id, entry, enqueuedAt: time.toWall(enqueuedAt), earlierClaims: first.claims++ };
  }

  function delayUntil(queue: Queue<Entry>, dueAt: number): void {
    queue.dueAt = dueAt;
    queue.isLeased = false;
    move(queue, waiting);
    nextDueAt = Math.min(nextDueAt, dueAt);
  }

  function promoteDue(now: number): void {
    if (nextDueAt > now) return;
    nextDueAt = Number.POSITIVE_INFINITY;
    for (const queue of waiting) {
      if (queue.dueAt <= now) move(queue, ready);
      else nextDueAt = Math.min(nextDueAt, queue.dueAt);
    }
  }

  function dropFirst(queue: Queue<Entry>): void {
    const first = queue.entries.shift();
    if (first) byEntry.delete(first.id);
    move(queue, undefined);
    queue.isLeased = false;
    queue.dueAt = -Infinity;
    if (queue.entries.length > 0) move(queue, ready);
    else queues.delete(queue.name);
  }

  return {
    add,
    claim({ limit, leaseMs }) {
      const now = time.now();
      promoteDue(now);
      const claimed: ClaimedEntry<Entry>[] = [];
      for (const queue of ready) {
        if (claimed.length === limit) break;
        const first = queue.entries[0];
        if (!first) continue;
        claimed.push(lease(queue, first, now + leaseMs));
      }
      return claimed;
    },
    settle(id, as, why) {
      const queue = byEntry.get(id);
      if (!queue) return false;
      const first = queue.entries[0];
      if (first?.id !== id) return true;
      if (as !== "delivered") first.why = why ?? first.why;
      if (typeof as === "object") {
        if (as.untried) first.claims -= 1;
        delayUntil(queue, time.of(as.retryAt));
        return true;
      }
      if (as === "delivered") onDelivered?.(first);
      if (as === "dead") dead.set(id, { ...first, queue: queue.name });
      dropFirst(queue);
      return true;
    },
    revive(matches) {
      const revived = [...dead].filter(([id, { entry }]) => matches(entry, id));
      for (const [id, { queue, entry }] of revived) {
        dead.delete(id);
        add(queue, id, entry);
      }
      return revived.length;
    },
    hasten(matches) {
      const now = time.now();
      for (const queue of waiting) {
        if (queue.isLeased || queue.dueAt <= now || !queue.entries.some(({ entry }) => matches(entry))) continue;
        delayUntil(queue, now);
      }
    },
    left(matches) {
      const known = ({ entry, enqueuedAt, claims, why }: QueueEntry<Entry>) => ({
        entry,
        enqueuedAt: time.toWall(enqueuedAt),
        claims,
        ...(why !== undefined && { why }),
      });
      const buried = [...dead.values()]
        .toSorted(bySequence)
        .map((each) => ({ ...known(each), state: "dead" as const }));
      const open = [...queues.values()].flatMap(({ entries, dueAt, isLeased }) =>
        entries.map((each, index): EntryFacts<Entry> => {
          if (index > 0 || dueAt <= time.now()) return { ...known(each), state: "waiting" };
          return { ...known(each), state: isLeased ? "leased" : "waiting", dueAt: time.toWall(dueAt) };
        }),
      );
      return [...buried, ...open].filter(({ entry }) => matches(entry));
    },
    discard() {
      const count = dead.size;
      dead.clear();
      return count;
    },
    stateOf: (id) => (byEntry.has(id) ? "waiting" : dead.has(id) ? "dead" : undefined),
    forgetOld(before, limit) {
      const earliest = time.of(before);
      const isOld = ({ enqueuedAt }: QueueEntry<Entry>) => enqueuedAt < earliest;
      const old = [...dead.values()].filter(isOld).toSorted(bySequence).slice(0, limit);
      for (const { id } of old) dead.delete(id);
      let forgotten = old.length;
      while (forgotten < limit) {
        const firsts = [...queues.values()].flatMap(({ entries }) => entries.slice(0, 1));
        const oldest = firsts
          .filter(isOld)
          .toSorted(bySequence)
          .slice(0, limit - forgotten);
        if (oldest.length === 0) break;
        for (const { id } of oldest) {
          const queue = byEntry.get(id);
          if (queue) dropFirst(queue);
        }
        forgotten += oldest.length;
      }
      return forgotten;
    },
    waiting() {
      let since = Infinity;
      for (const { entries } of queues.values()) since = Math.min(since, entries[0]?.enqueuedAt ?? Infinity);
      return { count: byEntry.size, since, dead: dead.size };
    },
    erase(matches, change) {
      const without = <Kept extends QueueEntry<Entry>>(each: Kept): Kept =>
        matches(each.entry)
          ? { ...each, entry: change(each.entry), ...(each.why !== undefined && { why: erased }) }
          : each;
      for (const { entries } of queues.values()) {
        for (const [index, each] of entries.entries()) entries[index] = without(each);
      }
      for (const [id, each] of dead) dead.set(id, without(each));
    },
    remove(matches) {
      const removed: Entry[] = [];
      for (const queue of queues.values()) {
        const [first] = queue.entries;
        if (!first || queue.entries.length > 1 || !matches(first.entry)) continue;
        removed.push(first.entry);
        dropFirst(queue);
      }
      for (const [id, { entry }] of dead) {
        if (matches(entry) && dead.delete(id)) removed.push(entry);
      }
      return removed;
    },
    some: (matches) =>
      [...dead.values()].some(({ entry }) => matches(entry)) ||
      [...queues.values()].some(({ entries }) => entries.some(({ entry }) => matches(entry))),
  };
}

function bySequence(one: { readonly sequence: number }, other: { readonly sequence: number }): number {
  return one.sequence - other.sequence;
}
