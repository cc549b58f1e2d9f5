import type { MessageId } from "../../content/identifiers.ts";
import { erased } from "../../domain/erased.ts";
import type { Clock } from "../../ports/clock.ts";
import { type DeliveredEntry, lateDeliveryMs, type MessageTopic } from "../../ports/store/outbox.ts";
import { createSteadyTime } from "../../time/steady-time.ts";
import type { QueueEntry } from "./outbox-queues.ts";

/** What is known about deliveries that had failed before, or were late. */
export interface LateDeliveries {
  /** An entry was delivered now. */
  note(topic: MessageTopic, delivered: QueueEntry<Pick<DeliveredEntry, "messageId" | "version">>): void;
  of(messageId: MessageId): readonly DeliveredEntry[];
  /** Forgets what was said of the message's entries. */
  erase(messageId: MessageId): void;
  /** Forgets up to `limit` from before a time. Returns how many. */
  forget(before: Date, limit: number): number;
}

const mostKept = 100_000;

export function createLateDeliveries(clock: Clock): LateDeliveries {
  const time = createSteadyTime(clock);
  /** By the id of the entry, the earliest first. */
  const kept = new Map<string, DeliveredEntry>();
  /** The ids in `kept` of each message, the earliest first. */
  const idsOf = new Map<MessageId, Set<string>>();

  function add(id: string, delivered: DeliveredEntry): void {
    kept.set(id, delivered);
    const ids = idsOf.get(delivered.messageId);
    if (ids) ids.add(id);
    else idsOf.set(delivered.messageId, new Set([id]));
  }

  function remove(id: string): void {
    const messageId = kept.get(id)?.messageId;
    if (messageId === undefined) return;
    kept.delete(id);
    const ids = idsOf.get(messageId);
    ids?.delete(id);
    if (ids?.size === 0) idsOf.delete(messageId);
  }

  /** The earliest first. */
  function entriesOf(messageId: MessageId): readonly (readonly [id: string, delivered: DeliveredEntry])[] {
    return [...(idsOf.get(messageId) ?? [])].flatMap((id) => {
      const delivered = kept.get(id);
      return delivered ? [[id, delivered] as const] : [];
    });
  }

  return {
    note(topic, { id, entry: { messageId, version }, enqueuedAt, claims, why }) {
      const now = time.now();
      if (why === undefined && now - enqueuedAt < lateDeliveryMs) return;
      const times = { enqueuedAt: time.toWall(enqueuedAt), deliveredAt: time.toWall(now) };
      remove(id);
      add(id, { topic, messageId, version, ...times, claims, ...(why !== undefined && { why }) });
      const [oldest] = kept.size > mostKept ? kept.keys() : [];
      if (oldest !== undefined) remove(oldest);
    },
    of: (messageId) => entriesOf(messageId).map(([, delivered]) => delivered),
    erase(messageId) {
      for (const [id, each] of entriesOf(messageId)) {
        if (each.why !== undefined) kept.set(id, { ...each, why: erased });
      }
    },
    forget(before, limit) {
      const old = [...kept].filter(([, { deliveredAt }]) => deliveredAt < before).slice(0, limit);
      for (const [id] of old) remove(id);
      return old.length;
    },
  };
}
