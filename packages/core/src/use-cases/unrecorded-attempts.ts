import type { MessageId } from "../domain/identifiers.ts";
import { type AttemptEnd, endAttempt, type Message, settleLeftBehind } from "../domain/message.ts";
import { isInFlight, isTakenOver } from "../domain/status.ts";
import type { Clock } from "../ports/clock.ts";
import { type AmendPorts, createAmend, createDecide } from "./amend.ts";
import { recordEnd } from "./record-telemetry.ts";

/** How an attempt ended that the store may or may not know of. */
interface UnrecordedAttempt {
  readonly number: number;
  readonly startedAt: Date;
  readonly ended: AttemptEnd;
}

/** Remembers the messages that were left as they were because the store was lost, and settles them once it is back. */
export interface UnrecordedAttempts {
  add(message: Message, attempt?: UnrecordedAttempt): void;
  /** Settles what can be settled now: the calls that waited were answered already. */
  settle(): Promise<void>;
}

/** What comes beyond is left to the recovery after a restart. */
const capacity = 100_000;

export function createUnrecordedAttempts(ports: AmendPorts & { readonly clock: Clock }): UnrecordedAttempts {
  const { messages, clock, telemetry } = ports;
  const amend = createAmend(ports);
  const decide = createDecide(ports);
  const left = new Map<MessageId, { readonly message: Message; readonly attempt: UnrecordedAttempt | undefined }>();

  /** What another has gone on with since is that one's. */
  function concluded(before: Message, current: Message): Message {
    return isTakenOver(before, current) || isInFlight(current) ? current : settleLeftBehind(current, clock.now());
  }

  return {
    add(message, attempt) {
      if (left.size < capacity && !left.get(message.id)?.attempt) left.set(message.id, { message, attempt });
    },
    async settle() {
      for (const [messageId, { message, attempt }] of left) {
        const found = await messages.find({ id: messageId });
        if (found.isErr()) return;
        if (found.value) {
          const ended = await amend(found.value, (current) => withEnd(current, attempt));
          if (ended.isErr()) return;
          const settled = await decide(ended.value, concluded(message, ended.value));
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
  if (!attempt) return current;
  const { number, startedAt, ended } = attempt;
  const stored = current.attempts[number - 1];
  return stored?.startedAt.getTime() === startedAt.getTime() ? endAttempt(current, number, ended) : current;
}
