import type { MessageId } from "../../content/identifiers.ts";
import { endAttempt, recoverOrphan } from "../../domain/message-changes.ts";
import type { AttemptEnd, Message } from "../../domain/message.ts";
import { isInFlight, isTakenOver } from "../../domain/status.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Commits } from "./commits.ts";
import { recordEnd } from "./record-telemetry.ts";

/** The end of an attempt, which the store may not have. */
interface UnrecordedAttempt {
  readonly number: number;
  readonly startedAt: Date;
  readonly ended: AttemptEnd;
}

/** Remembers messages that could not be recorded while the store was unavailable, and settles them once it is back. */
export interface UnrecordedAttempts {
  /** Adds a message as its call left it. The end of an attempt replaces an earlier entry of the message. */
  add(message: Message, attempt?: UnrecordedAttempt): void;
  /** Settles the messages that can be settled now. Their callers have already been answered. */
  settle(): Promise<void>;
}

/** Beyond this, recovery after a restart settles the messages. */
const capacity = 100_000;
/** A commit may hang in the store for hours, for example without a synchronous standby, and apply afterwards. */
const lookedForMs = 24 * 3_600_000;
const longestPauseMs = 10_000;
/** How many missing messages are looked up at a time, the longest missing first. */
const missingAtOnce = 100;

interface Pending {
  /** Enough to see whether somebody else has taken the message over. The queue continues with its own messages. */
  readonly before: Pick<Message, "mode" | "liftedConclusions">;
  readonly attempt: UnrecordedAttempt | undefined;
  readonly since: number;
  /** Set if the store is back but does not have the message: when to look again. */
  missing?: { readonly lookAt: number; readonly pauseMs: number };
}

interface UnrecordedAttemptsParts extends Commits {
  readonly messages: MessageStore;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

export function createUnrecordedAttempts(parts: UnrecordedAttemptsParts): UnrecordedAttempts {
  const { messages, clock, telemetry, commitIfUnchanged, commitWithRetry } = parts;
  const left = new Map<MessageId, Pending>();

  /** Concludes the message, unless somebody else has taken it over. */
  function concluded(before: Pending["before"], current: Message): Message {
    const isTaken = isTakenOver(before, current) || lastLiftedMs(before) !== lastLiftedMs(current);
    return isTaken || isInFlight(current) ? current : recoverOrphan(current, clock.now());
  }

  /** Returns whether the store is available. */
  async function settleOne(messageId: MessageId, one: Pending): Promise<boolean> {
    const found = await messages.find({ id: messageId });
    if (found.isErr()) return false;
    if (!found.value) {
      lookAgain(messageId, one);
      return true;
    }
    const ended = await commitWithRetry(found.value, (current) => withEnd(current, one.attempt));
    if (ended.isErr()) return false;
    const settled = await commitIfUnchanged(ended.value, concluded(one.before, ended.value));
    if (settled.isErr()) return false;
    recordEnd(telemetry, settled.value);
    if (left.get(messageId) === one) left.delete(messageId);
    return true;
  }

  function lookAgain(messageId: MessageId, one: Pending): void {
    const now = clock.monotonicMs();
    const pauseMs = Math.min(2 * (one.missing?.pauseMs ?? 500), longestPauseMs);
    one.missing = { lookAt: now + pauseMs, pauseMs };
    if (left.get(messageId) !== one) return;
    left.delete(messageId);
    if (now - one.since < lookedForMs) left.set(messageId, one);
  }

  return {
    add({ id, liftedConclusions }, attempt) {
      if (left.size >= capacity || (!attempt && left.has(id))) return;
      const before = { mode: "waiting", ...(liftedConclusions && { liftedConclusions }) } as const;
      left.set(id, { before, attempt, since: clock.monotonicMs() });
    },
    async settle() {
      const now = clock.monotonicMs();
      const all = [...left];
      for (const [messageId, one] of all) {
        if (!one.missing && !(await settleOne(messageId, one))) return;
      }
      const missing = all.filter(([, one]) => one.missing && one.missing.lookAt <= now).slice(0, missingAtOnce);
      await Promise.all(missing.map(([messageId, one]) => settleOne(messageId, one)));
    },
  };
}

function lastLiftedMs({ liftedConclusions }: Pending["before"]): number | undefined {
  return liftedConclusions?.at(-1)?.liftedAt.getTime();
}

/** Records the end, unless somebody else has made an attempt with the same number since. */
function withEnd(current: Message, attempt: UnrecordedAttempt | undefined): Message {
  if (!attempt) return current;
  const { number, startedAt, ended } = attempt;
  const stored = current.attempts[number - 1];
  return stored?.startedAt.getTime() === startedAt.getTime() ? endAttempt(current, number, ended) : current;
}
