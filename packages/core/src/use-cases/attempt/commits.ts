import { err, ok, type Result } from "neverthrow";

import type { Message } from "../../domain/message.ts";
import { isFinished, holdsQuotaUnit, wamidsOf } from "../../domain/status.ts";
import type { History } from "../../ports/history.ts";
import type { MessageChange, MessageStore, MessageUnknown } from "../../ports/message-store.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { historyEntriesOf } from "../outbox/history-entry.ts";

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

/** The two ways to change a message. Both commit the history entries together with the document. */
export interface Commits {
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

export function createCommits({
  messages,
  history,
  telemetry,
}: {
  readonly messages: MessageStore;
  readonly history?: History;
  readonly telemetry: Telemetry;
}): Commits {
  function detectDuplicate(before: Message, after: Message): void {
    const wamids = wamidsOf(after);
    if (wamids.length < 2 || wamids.length === wamidsOf(before).length) return;
    telemetry.record({ kind: "DuplicateDetected", messageId: after.id, wamids });
  }

  return {
    async commitIfUnchanged(message, next) {
      if (next === message) return ok(message);
      const committed = await messages.commit(changeOf(message, next, history));
      return committed.map((commit) => commit.message).mapErr((error) => outcomeUnrecorded(message, error));
    },
    async commitWithRetry(message, change, options) {
      let current = message;
      for (;;) {
        const next = change(current);
        if (next === current) return ok(current);
        const commit = changeOf(current, next, history);
        const committed = await messages.commit(options?.takesOver ? commit : { ...commit, isBystander: true });
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

/** The commit: the document, its history entries, and whether a unit of a settled block changed. */
function changeOf(before: Message, next: Message, history: History | undefined): MessageChange {
  const outbox = history ? historyEntriesOf(before, next).map((entry) => ({ topic: "history" as const, entry })) : [];
  const recountsUnit = hadEnded(before) && holdsQuotaUnit(before) !== holdsQuotaUnit(next);
  return { next, ...(outbox.length > 0 && { outbox }), ...(recountsUnit && { recountsUnit }) };
}

/** Whether it ever had a conclusion, even one that was withdrawn: its block may be settled and closed. */
function hadEnded(message: Message): boolean {
  return isFinished(message) || message.resends !== undefined || message.liftedConclusions !== undefined;
}

/** The error for a commit that failed. */
export function outcomeUnrecorded(message: Message, error: Unavailable | MessageUnknown): OutcomeUnrecorded {
  const reason = error.kind === "Unavailable" ? error.reason : "the store has lost the message";
  return { kind: "OutcomeUnrecorded", message, reason };
}
