import { err, ok, type Result } from "neverthrow";

import type { Draft, Message } from "../../domain/message.ts";
import { isFinished, holdsQuotaUnit, wamidsOf } from "../../domain/status.ts";
import type { History } from "../../ports/history.ts";
import type { Commit, MessageChange, MessageStore, MessageUnknown } from "../../ports/store/message-store.ts";
import type { NewOutboxEntry } from "../../ports/store/outbox.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { historyEntryOf } from "../outbox/history-entry.ts";
import type { StatusChanges } from "../outbox/status-changes.ts";

/**
 * The store became unavailable before a fact about the message could be recorded, so the message may have been sent. The sender
 * records the fact once the store is back.
 */
export interface OutcomeUnrecorded {
  readonly kind: "OutcomeUnrecorded";
  /** The last known document. */
  readonly message: Message;
  readonly reason: string;
}

/** The ways to change a message. Each commits the outbox entries together with the document. */
export interface Commits {
  /** Commits the intent to make an attempt, which holds only for the document that it was made from. */
  commitIntent(message: Message, next: Message): Promise<Result<Commit, OutcomeUnrecorded>>;
  /**
   * Commits a decision, which holds only for the document that it was made from. If the document has changed meanwhile, it commits
   * nothing and returns the current document.
   */
  commitIfUnchanged(message: Message, next: Message): Promise<Result<Message, OutcomeUnrecorded>>;
  /**
   * Commits a fact, which holds whatever else has happened: repeats `change` on the current document until a commit applies. The
   * message stays with the process that works on it, unless the change takes it over.
   */
  commitWithRetry(
    message: Message,
    change: (current: Message) => Message,
    options?: { readonly takesOver: boolean },
  ): Promise<Result<Message, OutcomeUnrecorded>>;
}

interface CommitsParts {
  readonly messages: MessageStore;
  readonly history?: History;
  readonly statusChanges: StatusChanges;
  readonly telemetry: Telemetry;
}

export function createCommits({ messages, history, statusChanges, telemetry }: CommitsParts): Commits {
  /** Commits the document with its outbox entries, and says whether a unit of a settled block changed. */
  function commit(
    before: Message,
    next: Message,
    isBystander = false,
  ): PromiseLike<Result<Commit, Unavailable | MessageUnknown>> {
    const status = statusChanges.prepare(before, next);
    return messages.commit(changeOf(before, next, status.entries, isBystander)).then((committed) => {
      if (committed.isOk() && committed.value.applied) status.announce();
      return committed;
    });
  }

  function changeOf(
    before: Message,
    next: Message,
    statuses: readonly NewOutboxEntry[],
    isBystander: boolean,
  ): MessageChange {
    const change: Draft<MessageChange> = { next };
    const entry = history && historyEntryOf(before, next);
    if (entry) change.outbox = [{ topic: "history", entry }, ...statuses];
    else if (statuses.length > 0) change.outbox = statuses;
    if (isBystander) change.isBystander = true;
    if (hadEnded(before) && holdsQuotaUnit(before) !== holdsQuotaUnit(next)) change.recountsUnit = true;
    return change;
  }

  function detectDuplicate(before: Message, after: Message): void {
    const wamids = wamidsOf(after);
    if (wamids.length < 2 || wamids.length === wamidsOf(before).length) return;
    telemetry.record({ kind: "DuplicateDetected", messageId: after.id, wamids });
  }

  return {
    async commitIntent(message, next) {
      const committed = await commit(message, next);
      return committed.isErr() ? err(outcomeUnrecorded(message, committed.error)) : ok(committed.value);
    },
    async commitIfUnchanged(message, next) {
      if (next === message) return ok(message);
      const committed = await commit(message, next);
      return committed.isErr() ? err(outcomeUnrecorded(message, committed.error)) : ok(committed.value.message);
    },
    async commitWithRetry(message, change, options) {
      let current = message;
      for (;;) {
        const next = change(current);
        if (next === current) return ok(current);
        const committed = await commit(current, next, options?.takesOver !== true);
        if (committed.isErr()) return err(outcomeUnrecorded(current, committed.error));
        if (committed.value.applied) {
          detectDuplicate(current, next);
          return ok(next);
        }
        current = committed.value.message;
      }
    },
  };
}

/** Whether it ever had a conclusion, even one that was withdrawn: its block may be settled and closed. */
function hadEnded(message: Message): boolean {
  return isFinished(message) || message.resends !== undefined || message.liftedConclusions !== undefined;
}

/** The error for a commit that failed. */
function outcomeUnrecorded(message: Message, error: Unavailable | MessageUnknown): OutcomeUnrecorded {
  const reason = error.kind === "Unavailable" ? error.reason : "the store has lost the message";
  return { kind: "OutcomeUnrecorded", message, reason };
}
