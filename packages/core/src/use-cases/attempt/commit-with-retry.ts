import { err, ok, type Result } from "neverthrow";

import type { Message } from "../../domain/message.ts";
import { isFinished, keepsUnit, wamidsOf } from "../../domain/status.ts";
import type { History } from "../../ports/history.ts";
import type { MessageChange, MessageStore, MessageUnknown } from "../../ports/message-store.ts";
import type { Unavailable } from "../../ports/result.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { historyEntriesOf } from "../outbox/history-entry.ts";

/** The store was lost while something about a message was to be recorded: the message may have been sent. */
export interface OutcomeUnrecorded {
  readonly kind: "OutcomeUnrecorded";
  /** As it was known last. */
  readonly message: Message;
  readonly reason: string;
}

export interface AmendPorts {
  readonly messages: MessageStore;
  readonly history?: History;
  readonly telemetry: Telemetry;
}

/**
 * Commits a decision on the very document that it was made from. Where that has changed meanwhile the decision is void, and
 * the answer is the document as it is now.
 */
export function createDecide({ messages, history }: Pick<AmendPorts, "messages" | "history">) {
  return async (message: Message, next: Message): Promise<Result<Message, OutcomeUnrecorded>> => {
    if (next === message) return ok(message);
    const committed = await messages.commit(changeOf(message, next, history));
    return committed.map((commit) => commit.message).mapErr((error) => outcomeUnrecorded(message, error));
  };
}

/** What a commit brings beside the document: what the history must be told, and that a unit of a settled block changed. */
function changeOf(before: Message, next: Message, history: History | undefined): MessageChange {
  const outbox = history ? historyEntriesOf(before, next) : [];
  const recountsUnit = hadEnded(before) && keepsUnit(before) !== keepsUnit(next);
  return { next, ...(outbox.length > 0 && { outbox }), ...(recountsUnit && { recountsUnit }) };
}

/** Whether its trying had ended before, also where that was lifted since: its block may be settled and closed. */
function hadEnded(message: Message): boolean {
  return isFinished(message) || message.resends !== undefined || message.liftedConclusions !== undefined;
}

/**
 * Commits a fact together with what the history must be told of it: on the current document until it applies, since it holds
 * whatever else has come. Whoever works on the message still does, unless the change takes it over.
 */
export function createAmend({ messages, history, telemetry }: AmendPorts, { takesOver = false } = {}) {
  function detectDuplicate(before: Message, after: Message): void {
    const wamids = wamidsOf(after);
    if (wamids.length < 2 || wamids.length === wamidsOf(before).length) return;
    telemetry.record({ kind: "DuplicateDetected", messageId: after.id, wamids });
  }

  return async (
    message: Message,
    amendment: (current: Message) => Message,
  ): Promise<Result<Message, OutcomeUnrecorded>> => {
    let current = message;
    for (;;) {
      const next = amendment(current);
      if (next === current) return ok(current);
      const change = changeOf(current, next, history);
      const committed = await messages.commit(takesOver ? change : { ...change, isBystander: true });
      if (committed.isErr()) return err(outcomeUnrecorded(current, committed.error));
      if (committed.value.applied) {
        detectDuplicate(current, next);
        return ok(next);
      }
      current = committed.value.message;
    }
  };
}

export function outcomeUnrecorded(message: Message, error: Unavailable | MessageUnknown): OutcomeUnrecorded {
  const reason = error.kind === "Unavailable" ? error.reason : "the store has lost the message";
  return { kind: "OutcomeUnrecorded", message, reason };
}
