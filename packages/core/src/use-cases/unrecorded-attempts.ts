import type { MessageId } from "../domain/identifiers.ts";
import { type AttemptEnd, endAttempt, type Message, settleLeftBehind } from "../domain/message.ts";
import type { Clock } from "../ports/clock.ts";
import { type AmendPorts, createAmend } from "./amend.ts";
import { recordEnd } from "./record-telemetry.ts";

/** How an attempt ended that the store may or may not know of. */
interface UnrecordedAttempt {
  readonly number: number;
  readonly startedAt: Date;
  readonly ended: AttemptEnd;
}

/** Remembers the messages that were left as they were because the store was lost, and settles them once it is back. */
export interface UnrecordedAttempts {
  add(messageId: MessageId, attempt?: UnrecordedAttempt): void;
  /** Settles what can be settled now: the calls that waited were answered already. */
  settle(): Promise<void>;
}

/** What comes beyond is left to the recovery after a restart. */
const capacity = 100_000;

export function createUnrecordedAttempts(ports: AmendPorts & { readonly clock: Clock }): UnrecordedAttempts {
  const { messages, clock, telemetry } = ports;
  const amend = createAmend(ports);
  const left = new Map<MessageId, UnrecordedAttempt | undefined>();

  function concluded(current: Message): Message {
    const last = current.attempts.at(-1);
    return last && !last.ended ? current : settleLeftBehind(current, clock.now());
  }

  return {
    add(messageId, attempt) {
      if (left.size < capacity && !left.get(messageId)) left.set(messageId, attempt);
    },
    async settle() {
      for (const [messageId, attempt] of left) {
        const found = await messages.find({ id: messageId });
        if (found.isErr()) return;
        if (found.value) {
          const ended = await amend(found.value, (current) => withEnd(current, attempt));
          if (ended.isErr()) return;
          const settled = await amend(ended.value, concluded);
          if (settled.isErr()) return;
          recordEnd(telemetry, settled.value);
        }
        left.delete(messageId);
      }
    },
  };
}

/** Somebody else may have made an attempt of that number since. */
function withEnd(current: Message, attempt: UnrecordedAttempt | undefined): Message {
  const stored = attempt && current.attempts[attempt.number - 1];
  return stored?.startedAt.getTime() === attempt?.startedAt.getTime() && attempt
    ? endAttempt(current, attempt.number, attempt.ended)
    : current;
}
