import type { MessageId } from "../../content/identifiers.ts";
import { erased } from "../../domain/erased.ts";
import type { Clock } from "../../ports/clock.ts";
import type { DeliveredEntry, MessageTopic } from "../../ports/store/outbox.ts";
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

const lateMs = 10_000;
const mostKept = 100_000;

export function createLateDeliveries(clock: Clock): LateDeliveries {
  const time = createSteadyTime(clock);
  /** By topic and id, the earliest first. */
  const kept = new Map<string, DeliveredEntry>();
  return {
    note(topic, { id, entry: { messageId, version }, enqueuedAt, claims, why }) {
      const now = time.now();
      if (why === undefined && now - enqueuedAt < lateMs) return;
      const times = { enqueuedAt: time.toWall(enqueuedAt), deliveredAt: time.toWall(now) };
      kept.delete(id);
      kept.set(id, { topic, messageId, version, ...times, claims, ...(why !== undefined && { why }) });
      const [oldest] = kept.size > mostKept ? kept.keys() : [];
      if (oldest !== undefined) kept.delete(oldest);
    },
    of: (messageId) => [...kept.values()].filter((each) => each.messageId === messageId),
    erase(messageId) {
      for (const [id, each] of kept) {
        if (each.messageId === messageId && each.why !== undefined) kept.set(id, { ...each, why: erased });
      }
    },
    forget(before, limit) {
      const old = [...kept].filter(([, { deliveredAt }]) => deliveredAt < before).slice(0, limit);
      for (const [id] of old) kept.delete(id);
      return old.length;
    },
  };
}
