import { okAsync } from "neverthrow";

import type { Message } from "../../src/domain/message.ts";
import { queueDueAt } from "../../src/domain/next-step.ts";
import type { MessageStore } from "../../src/ports/store/message-store.ts";
import type { Sabotage } from "../../src/contracts/sabotage.ts";
import type { StoreSubject } from "../../src/contracts/store/subject.ts";
import { breaking } from "../in-memory-store.ts";

const broken = (change: (messages: MessageStore) => Partial<MessageStore>) => breaking("messages", change);

/** The messages that it was given, as they are now. */
function watched(messages: MessageStore) {
  const present = new Map<string, Message>();
  const watching: Pick<MessageStore, "accept" | "commit"> = {
    accept(message, outbox) {
      present.set(message.id, message);
      return messages.accept(message, outbox);
    },
    commit: (change) => messages.commit(change).andTee(({ message }) => present.set(message.id, message)),
  };
  return { present, watching };
}

/** Says that more messages are due than there are. */
const overeager = (isDue: (message: Message, now: Date) => boolean) =>
  breaking("messages", (messages, { clock }) => {
    const { present, watching } = watched(messages);
    return {
      ...watching,
      due: (limit) =>
        messages.due(limit).map((due) => {
          const others = [...present.values()].filter((message) => !due.some(({ id }) => id === message.id));
          return [...due, ...others.filter((message) => isDue(message, clock.now()))].slice(0, limit);
        }),
    };
  });

export const queueSabotages: Record<string, Sabotage<StoreSubject> | readonly Sabotage<StoreSubject>[]> = {
  "Up to `limit` messages that are due in the queue by now": broken((messages) => ({
    due: (limit) => messages.due(limit + 1),
  })),
  "due in the queue by now (`queueDueAt`)": [
    overeager((message, now) => (queueDueAt(message)?.getTime() ?? 0) - now.getTime() > 59_000),
    overeager(({ mode }) => mode === "waiting"),
    overeager(({ conclusion }) => conclusion?.as === "canceled"),
    broken((messages) => ({
      due: (limit) =>
        messages.due(limit).map((due) => due.filter(({ revision, policy }) => revision > 1 || !policy.expiresAt)),
    })),
  ],
  "the earliest first": [
    broken((messages) => ({
      due: (limit) => messages.due(1000).map((due) => due.toReversed().slice(0, limit)),
    })),
    broken((messages) => ({
      due: (limit) => messages.due(limit).map((due) => due.toReversed()),
    })),
  ],
  "whichever process wrote to them": [
    broken((messages) => ({
      due: (limit) => messages.due(limit).map((due) => due.filter(({ revision }) => revision === 1)),
    })),
    overeager((message, now) => message.revision === 3 && (queueDueAt(message) ?? now) > now),
    overeager(({ conclusion }) => conclusion?.as === "expired"),
  ],
  "due on time, however the wall clock is set after they are written": [
    breaking("messages", (messages, { clock }) => ({
      due: (limit) => messages.due(limit).map((due) => due.filter((message) => isDueBy(clock.now(), message))),
    })),
    overeager((message, now) => isDueBy(now, message)),
  ],
  "What this process wrote to last is never among them": broken((messages) => {
    const { present, watching } = watched(messages);
    return { ...watching, overdue: (limit) => okAsync([...present.values()].slice(0, limit)) };
  }),
};

function isDueBy(now: Date, message: Message): boolean {
  const dueAt = queueDueAt(message);
  return dueAt !== undefined && dueAt <= now;
}
