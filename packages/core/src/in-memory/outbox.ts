import { okAsync } from "neverthrow";

import type { Clock } from "../ports/clock.ts";
import type { HistoryEntry } from "../ports/history.ts";
import type { ClaimedEntry, Outbox } from "../ports/outbox.ts";

interface Line {
  readonly entries: { readonly id: string; readonly entry: HistoryEntry; readonly enqueuedAt: Date; claims: number }[];
  /** When its first entry may be handed out: its lease has ended, or its retry is due. */
  dueAt: number;
}

/** One line a conversation of a tenant; only the first of a line is ever handed out. */
export function createInMemoryOutbox(clock: Clock): Outbox & { add(entries: readonly HistoryEntry[]): void } {
  const lines = new Map<string, Line>();
  const ready = new Set<Line>();
  const waiting = new Set<Line>();
  const byEntry = new Map<string, Line>();
  let nextDueAt = Number.POSITIVE_INFINITY;

  function park(line: Line, dueAt: number): void {
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

  function dropFirst(line: Line): void {
    const first = line.entries.shift();
    if (first) byEntry.delete(first.id);
    waiting.delete(line);
    ready.delete(line);
    const next = line.entries[0];
    if (next) ready.add(line);
    else if (first) lines.delete(nameOf(first.entry));
  }

  return {
    add(entries) {
      for (const entry of entries) {
        let line = lines.get(nameOf(entry));
        if (!line) {
          line = { entries: [], dueAt: 0 };
          lines.set(nameOf(entry), line);
          ready.add(line);
        }
        const id = `${entry.messageId}:${entry.version}`;
        line.entries.push({ id, entry, enqueuedAt: clock.now(), claims: 0 });
        byEntry.set(id, line);
      }
    },
    claim({ limit, leaseMs }) {
      const now = clock.now().getTime();
      promoteDue(now);
      const claimed: ClaimedEntry[] = [];
      for (const line of ready) {
        if (claimed.length === limit) break;
        const first = line.entries[0];
        if (!first) continue;
        const { id, entry, enqueuedAt } = first;
        claimed.push({ id, entry, enqueuedAt, earlierClaims: first.claims++ });
        park(line, now + leaseMs);
      }
      return okAsync(claimed);
    },
    settle(ids, as) {
      for (const id of ids) {
        const line = byEntry.get(id);
        if (!line || line.entries[0]?.id !== id) continue;
        if (typeof as === "object") park(line, as.retryAt.getTime());
        else dropFirst(line);
      }
      return okAsync(undefined);
    },
  };
}

function nameOf({ outlet, conversationId }: HistoryEntry): string {
  return `${outlet.tenantId} ${conversationId}`;
}
