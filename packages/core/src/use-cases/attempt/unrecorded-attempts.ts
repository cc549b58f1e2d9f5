import type { MessageId } from "../../content/identifiers.ts";
import { endAttempt, recoverOrphan } from "../../domain/message-changes.ts";
import type { AttemptEnd, Message } from "../../domain/message.ts";
import { isInFlight, isTakenOver } from "../../domain/status.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MessageStore } from "../../ports/message-store.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Commits } from "./commits.ts";
import { recordEnd } from "./record-telemetry.ts";

/** The end of an attempt that the store may not have. */
interface UnrecordedAttempt {
  readonly number: number;
  readonly startedAt: Date;
  readonly ended: AttemptEnd;
}

/** Remembers messages that could not be recorded because the store was unavailable, and settles them once it is back. */
export interface UnrecordedAttempts {
  /** `message`: as its call left it. What is known of an attempt counts, and the latest attempt most. */
  add(message: Message, attempt?: UnrecordedAttempt): void;
  /** Settles what can be settled now. Their calls were answered already. */
  settle(): Promise<void>;
}

/** Beyond this, recovery after a restart settles them. */
const capacity = 100_000;
/** A commit may hang in the store for hours, for example while a synchronous standby is missing, and appear afterwards. */
const lookedForMs = 24 * 3_600_000;
const longestPauseMs = 10_000;
/** How many missing messages are looked up at a time, the longest missing first. */
const missingAtOnce = 100;

interface Pending {
  /** All that is needed to see whether others have taken the message over. The queue goes on with its own messages. */
  readonly before: Pick<Message, "mode" | "liftedConclusions">;
  readonly attempt: UnrecordedAttempt | undefined;
  readonly since: number;
  /** The store is back and does not have the message: when to look next. */
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

  /** A message that somebody else has taken over since is left to them. */
  function concluded(before: Pending["before"], current: Message): Message {
    const isOthers = isTakenOver(before, current) || lastLiftedMs(before) !== lastLiftedMs(current);
    return isOthers || isInFlight(current) ? current : recoverOrphan(current, clock.now());
  }

  /** Gives whether the store is available. */
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

/** Somebody else may have made an attempt with that number since. */
function withEnd(current: Message, attempt: UnrecordedAttempt | undefined): Message {
  if (!attempt) return current;
  const { number, startedAt, ended } = attempt;
  const stored = current.attempts[number - 1];
  return stored?.startedAt.getTime() === startedAt.getTime() ? endAttempt(current, number, ended) : current;
}
