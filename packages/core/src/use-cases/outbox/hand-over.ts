import { type Result, ResultAsync } from "neverthrow";

import type { Message } from "../../domain/message.ts";
import type {
  AcceptResult,
  Commit,
  MessageChange,
  MessageStore,
  MessageUnknown,
} from "../../ports/store/message-store.ts";
import type { EnteredClaimed, MessageTopic, NewOutboxEntry } from "../../ports/store/outbox.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Deliveries } from "./deliveries.ts";

/** Hands outbox entries to their deliveries as they enter. */
export interface HandOver {
  /** The store, whose commits hand over the outbox entries that they add. */
  readonly messages: MessageStore;
  /** Until then nothing is handed over: entries wait for a round of their delivery. */
  open(): void;
  /** From now on nothing is handed over any more. */
  close(): void;
}

const messageTopics: readonly MessageTopic[] = ["history", "status"];

type Accepted = Result<AcceptResult, Unavailable>;
type Committed = Result<Commit, Unavailable | MessageUnknown>;

/**
 * An entry that enters the outbox is leased to this process by the commit that adds it, and delivered from memory. Its row is there
 * for a crash. An entry that must wait, for an earlier one or because its delivery has no room, is claimed once it is due.
 */
export function createHandOver(messages: MessageStore, deliveries: Pick<Deliveries, MessageTopic>): HandOver {
  let isOpen = false;
  /** Leased entries whose commits are not answered yet. */
  const entering = { history: 0, status: 0 };

  function leased(added: NewOutboxEntry): NewOutboxEntry {
    const { topic } = added;
    const delivery = deliveries[topic];
    if (!delivery?.hasRoom(entering[topic])) return added;
    entering[topic] += 1;
    return { ...added, leaseMs: delivery.leaseMs };
  }

  function answered(outbox: readonly NewOutboxEntry[]): void {
    for (const { topic, leaseMs } of outbox) if (leaseMs !== undefined) entering[topic] -= 1;
  }

  function entered(added: readonly NewOutboxEntry[], claimed: readonly EnteredClaimed[] = []): void {
    for (const each of claimed) {
      if (each.topic === "history") deliveries.history?.take(each);
      else deliveries.status?.take(each);
    }
    if (claimed.length === added.length) return;
    for (const topic of messageTopics) {
      const ofTopic = (each: { readonly topic: MessageTopic }): boolean => each.topic === topic;
      if (claimed.filter(ofTopic).length < added.filter(ofTopic).length) deliveries[topic]?.wake();
    }
  }

  async function accept(message: Message, added: readonly NewOutboxEntry[]): Promise<Accepted> {
    const outbox = added.map(leased);
    try {
      const accepted = await messages.accept(message, outbox);
      if (accepted.isOk() && accepted.value.kind === "New") entered(added, accepted.value.claimed);
      return accepted;
    } finally {
      answered(outbox);
    }
  }

  async function commit(change: MessageChange, added: readonly NewOutboxEntry[]): Promise<Committed> {
    const outbox = added.map(leased);
    try {
      const committed = await messages.commit({ ...change, outbox });
      if (committed.isOk() && committed.value.applied) entered(added, committed.value.claimed);
      return committed;
    } finally {
      answered(outbox);
    }
  }

  const handsOver = (added: readonly NewOutboxEntry[] = []): boolean => isOpen && added.length > 0;
  return {
    messages: {
      accept: (message, added = []) =>
        handsOver(added) ? new ResultAsync(accept(message, added)) : messages.accept(message, added),
      commit: (change) =>
        handsOver(change.outbox) ? new ResultAsync(commit(change, change.outbox ?? [])) : messages.commit(change),
      find: (by) => messages.find(by),
      list: (query) => messages.list(query),
      count: (query) => messages.count(query),
      overdue: (limit) => messages.overdue(limit),
    },
    open: () => void (isOpen = true),
    close: () => void (isOpen = false),
  };
}
