import { outletName } from "../../src/content/identifiers.ts";
import type { Message } from "../../src/domain/message.ts";
import { isFinished } from "../../src/domain/status.ts";
import { queueDueAt } from "../../src/domain/next-step.ts";
import type { Sabotage } from "../../src/contracts/sabotage.ts";
import type { AnotherProcess, StoreSubject } from "../../src/contracts/store/subject.ts";
import type { LineRef, MessageQueue } from "../../src/ports/store/message-queue.ts";

/** Ways to break promises of a queue, by the names of their cases. */
export type QueueSabotages = Readonly<Record<string, Sabotage<StoreSubject> | readonly Sabotage<StoreSubject>[]>>;

/** What a broken queue may look at. */
export interface Seen {
  readonly queue: MessageQueue;
  readonly subject: StoreSubject;
  /** The messages as they are now, in the order in which they were accepted. */
  messages(): readonly Message[];
  /** Those that are unfinished, on one of the lines and due. */
  due(lines: readonly LineRef[]): readonly Message[];
  /** How many milliseconds from now a message is due. */
  dueInMs(message: Message): number;
  /** The lines that this process has claimed so far. */
  readonly claimed: ReadonlySet<string>;
}

/** Breaks the queue of the subject. */
export function breakQueue(change: (seen: Seen) => Partial<MessageQueue>): Sabotage<StoreSubject> {
  return (subject) => {
    const present = new Map<string, Message>();
    const dueMs = new Map<string, number>();
    const claimed = new Set<string>();
    const { clock } = subject;
    const note = (message: Message): void => {
      present.set(message.id, message);
      const dueAt = queueDueAt(message, clock.now())?.getTime() ?? Infinity;
      dueMs.set(message.id, clock.monotonicMs() + dueAt - clock.now().getTime());
    };
    const dueInMs = ({ id }: Message): number => (dueMs.get(id) ?? Infinity) - clock.monotonicMs();
    const queue: MessageQueue = {
      ...subject.queue,
      claim: (limit) =>
        subject.queue.claim(limit).andTee((lines) => {
          for (const line of lines) claimed.add(outletName(line));
        }),
    };
    const messages = (): readonly Message[] => [...present.values()];
    const due = (lines: readonly LineRef[]): readonly Message[] => {
      const names = lines.map(outletName);
      return messages().filter(
        (message) =>
          names.includes(outletName(message.request.outlet)) && !isFinished(message) && dueInMs(message) <= 0,
      );
    };
    return {
      ...subject,
      messages: {
        ...subject.messages,
        accept(message, outbox) {
          note(message);
          return subject.messages.accept(message, outbox);
        },
        commit: (change_) => subject.messages.commit(change_).andTee(({ message }) => note(message)),
      },
      queue: { ...queue, ...change({ queue, subject, messages, due, dueInMs, claimed }) },
    };
  };
}

/** Spoils the other process. */
export function spoilOther(
  spoil: (other: AnotherProcess, subject: StoreSubject) => Partial<AnotherProcess>,
): Sabotage<StoreSubject> {
  return (subject) => ({
    ...subject,
    async anotherProcess() {
      const other = await subject.anotherProcess?.();
      if (!other) throw new Error("The store in memory has other processes.");
      return { ...other, ...spoil(other, subject) };
    },
  });
}
