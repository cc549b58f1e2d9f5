import type { MessageId } from "../../content/identifiers.ts";

/** Which messages that were read must not begin: a read may show them as they were before. */
export interface UnreadChanges {
  began(id: MessageId): void;
  /** With `backoffUntilMs` it must not begin again before then. */
  ended(id: MessageId, backoffUntilMs?: number): void;
  /** A read begins. Its number goes to `mayBegin`, and then to `readEnds`. */
  readBegins(): number;
  readEnds(read: number): void;
  /** Whether a message that this read has shown is not under way, has not ended since, and is not backing off. */
  mayBegin(id: MessageId, read: number): boolean;
  clearBackoff(): void;
}

export function createUnreadChanges(nowMs: () => number): UnreadChanges {
  const underWay = new Set<MessageId>();
  const backingOff = new Map<MessageId, number>();
  /** With the number of the last read that began before. In the order in which they ended. */
  const endedAfter = new Map<MessageId, number>();
  const reads = new Set<number>();
  let last = 0;

  return {
    began: (id) => void underWay.add(id),
    ended(id, backoffUntilMs) {
      underWay.delete(id);
      if (backoffUntilMs !== undefined) backingOff.set(id, backoffUntilMs);
      if (reads.size === 0) return;
      endedAfter.delete(id);
      endedAfter.set(id, last);
    },
    readBegins() {
      reads.add((last += 1));
      return last;
    },
    readEnds(read) {
      reads.delete(read);
      const now = nowMs();
      for (const [id, until] of backingOff) if (now >= until) backingOff.delete(id);
      const [first = Infinity] = reads;
      for (const [id, number] of endedAfter) {
        if (number >= first) break;
        endedAfter.delete(id);
      }
    },
    mayBegin(id, read) {
      if (underWay.has(id) || (endedAfter.get(id) ?? 0) >= read) return false;
      return nowMs() >= (backingOff.get(id) ?? 0);
    },
    clearBackoff: () => backingOff.clear(),
  };
}
