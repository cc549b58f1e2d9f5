import { type Result, ResultAsync } from "neverthrow";

import type { AcceptResult, Commit, MessageStore } from "../../ports/store/message-store.ts";
import type { EnteredClaimed, MessageTopic, NewOutboxEntry } from "../../ports/store/outbox.ts";
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

/**
 * An entry that enters the outbox is leased to this process by the commit that adds it, and delivered from memory. Its row is there
 * for a crash. An entry that must wait, for an earlier one or because its delivery has no room, is claimed once it is due.
 */
export function createHandOver(messages: MessageStore, deliveries: Pick<Deliveries, MessageTopic>): HandOver {
  let isOpen = false;
  /** Leased entries whose commits are not answered yet. */
  const entering = { history: 0, status: 0 };

  /** `before`: how many entries the same commit adds before it, whatever their topics: at worst, room for one is left unused. */
  function leased(added: NewOutboxEntry, before: number): NewOutboxEntry {
    const delivery = deliveries[added.topic];
    return delivery?.hasRoom(entering[added.topic] + before) ? { ...added, leaseMs: delivery.leaseMs } : added;
  }

  function count(outbox: readonly NewOutboxEntry[], change: 1 | -1): void {
    for (const { topic, leaseMs } of outbox) if (leaseMs !== undefined) entering[topic] += change;
  }

  function entered(added: readonly NewOutboxEntry[], claimed: readonly EnteredClaimed[]): void {
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

  /** Writes `added`, and hands over what entered claimed. `claimedOf`: undefined if nothing was written. */
  function handingOver<T, E>(
    added: readonly NewOutboxEntry[],
    write: (outbox: readonly NewOutboxEntry[]) => ResultAsync<T, E>,
    claimedOf: (written: T) => readonly EnteredClaimed[] | undefined,
  ): ResultAsync<T, E> {
    const outbox = added.map(leased);
    const writing = write(outbox);
    count(outbox, 1);
    const answered = (written: Result<T, E>): Result<T, E> => {
      count(outbox, -1);
      const claimed = written.isOk() ? claimedOf(written.value) : undefined;
      if (claimed) entered(added, claimed);
      return written;
    };
    const failed = (error: unknown): never => {
      count(outbox, -1);
      throw error;
    };
    return new ResultAsync(Promise.resolve(writing.then(answered, failed)));
  }

  const handsOver = (added: readonly NewOutboxEntry[]): boolean => isOpen && added.length > 0;
  return {
    messages: {
      accept: (message, added = none) =>
        handsOver(added)
          ? handingOver(added, (outbox) => messages.accept(message, outbox), claimedByAccept)
          : messages.accept(message, added),
      commit(change) {
        const { outbox: added = none } = change;
        return handsOver(added)
          ? handingOver(added, (outbox) => messages.commit({ ...change, outbox }), claimedByCommit)
          : messages.commit(change);
      },
      find: (by) => messages.find(by),
      list: (query) => messages.list(query),
      count: (query) => messages.count(query),
      overdue: (limit) => messages.overdue(limit),
    },
    open: () => void (isOpen = true),
    close: () => void (isOpen = false),
  };
}

const none: readonly never[] = [];

function claimedByAccept(accepted: AcceptResult): readonly EnteredClaimed[] | undefined {
  return accepted.kind === "New" ? (accepted.claimed ?? none) : undefined;
}

function claimedByCommit({ applied, claimed = none }: Commit): readonly EnteredClaimed[] | undefined {
  return applied ? claimed : undefined;
}
