import type { Clock } from "../ports/clock.ts";
import { createSteadyTime } from "../time/steady-time.ts";
import type { ClaimedEntry, ClaimOptions, OutboxSettlement } from "../ports/outbox.ts";

interface Queue<Entry> {
  readonly name: string;
  readonly entries: { readonly id: string; readonly entry: Entry; readonly enqueuedAt: number; claims: number }[];
  /** When its first entry may be handed out: its lease has ended, or its retry is due. */
  dueAt: number;
}

/** Entries of one topic in lines; only the first of a line is ever handed out. */
export interface OutboxQueues<Entry> {
  add(line: string, id: string, entry: Entry): void;
  claim(options: ClaimOptions): readonly ClaimedEntry<Entry>[];
  settle(id: string, as: OutboxSettlement): void;
  /** Gives how many dead entries it put at the end of their lines. */
  revive(): number;
  /** Whether an entry that is not delivered matches. */
  some(matches: (entry: Entry) => boolean): boolean;
}

export function createOutboxQueues<Entry>(clock: Clock): OutboxQueues<Entry> {
  const time = createSteadyTime(clock);
  const lines = new Map<string, Queue<Entry>>();
  const ready = new Set<Queue<Entry>>();
  const waiting = new Set<Queue<Entry>>();
  const byEntry = new Map<string, Queue<Entry>>();
  const dead = new Map<string, { readonly line: string; readonly entry: Entry }>();
  let nextDueAt = Number.POSITIVE_INFINITY;

  function add(name: string, id: string, entry: Entry): void {
    let line = lines.get(name);
    if (!line) {
      line = { name, entries: [], dueAt: -Infinity };
      lines.set(name, line);
      ready.add(line);
    }
    line.entries.push({ id, entry, enqueuedAt: time.now(), claims: 0 });
    byEntry.set(id, line);
  }

  function delayUntil(line: Queue<Entry>, dueAt: number): void {
    line.dueAt = dueAt;
    ready.delete(line);
    waiting.add(line);
    nextDueAt = Math.min(nextDueAt, dueAt);
  }

  function promoteDue(now: number): void {
    if (nextDueAt > now) return;
    nextDueAt = Number.POSITIVE_INFINITY;
    for (const line of waiting) {
      if (line.dueAt <= now) {
        waiting.delete(line);
        ready.add(line);
      } else nextDueAt = Math.min(nextDueAt, line.dueAt);
    }
  }

  function dropFirst(line: Queue<Entry>): void {
    const first = line.entries.shift();
    if (first) byEntry.delete(first.id);
    waiting.delete(line);
    ready.delete(line);
    if (line.entries.length > 0) ready.add(line);
    else lines.delete(line.name);
  }

  return {
    add,
    claim({ limit, leaseMs }) {
      const now = time.now();
      promoteDue(now);
      const claimed: ClaimedEntry<Entry>[] = [];
      for (const line of ready) {
        if (claimed.length === limit) break;
        const first = line.entries[0];
        if (!first) continue;
        const { id, entry, enqueuedAt } = first;
        claimed.push({ id, entry, enqueuedAt: time.toWall(enqueuedAt), earlierClaims: first.claims++ });
        delayUntil(line, now + leaseMs);
      }
      return claimed;
    },
    settle(id, as) {
      const line = byEntry.get(id);
      const first = line?.entries[0];
      if (!line || first?.id !== id) return;
      if (typeof as === "object") return delayUntil(line, time.of(as.retryAt));
      if (as === "dead") dead.set(id, { line: line.name, entry: first.entry });
      dropFirst(line);
    },
    revive() {
      const revived = [...dead];
      dead.clear();
      for (const [id, { line, entry }] of revived) add(line, id, entry);
      return revived.length;
    },
    some: (matches) =>
      [...dead.values()].some(({ entry }) => matches(entry)) ||
      [...lines.values()].some(({ entries }) => entries.some(({ entry }) => matches(entry))),
  };
}
