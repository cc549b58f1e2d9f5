import { err, ok, type Result, ResultAsync } from "neverthrow";

import type { Identifier, MessageId } from "../../content/identifiers.ts";
import { cancel } from "../../domain/message-changes.ts";
import type { Message } from "../../domain/message.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import { findMessage, type MessageNotFound } from "../accept/find-message.ts";
import type { Commits } from "../attempt/commits.ts";
import { recordEnd } from "../attempt/record-telemetry.ts";
import type { Conflict } from "./resolve-message.ts";

/** Which message to withdraw from the queue. */
export interface CancelMessageCommand {
  readonly messageId: MessageId;
  /** Only a message of this tenant. */
  readonly tenantId?: Identifier;
  /** Who asks for it, such as the id of an API key: it is recorded in the message. */
  readonly by?: string;
}

/** Why a message was not canceled. */
export type CancelMessageError = MessageNotFound | Conflict | Unavailable;

interface CancelMessageParts extends Pick<Commits, "commitWithRetry"> {
  readonly messages: MessageStore;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Withdraws queued messages. A message that is canceled already stays so. */
export function createCancelMessage({
  messages,
  clock,
  telemetry,
  commitWithRetry,
}: CancelMessageParts): (command: CancelMessageCommand) => ResultAsync<Message, CancelMessageError> {
  async function cancelMessage(command: CancelMessageCommand): Promise<Result<Message, CancelMessageError>> {
    const { messageId, tenantId, by } = command;
    const found = await findMessage(messages, messageId, tenantId);
    if (found.isErr()) return err(found.error);
    let isCanceled = false;
    const amended = await commitWithRetry(found.value, (current) => {
      const next = cancel(current, clock.now(), by);
      isCanceled = next !== current;
      return next;
    });
    if (amended.isErr()) return err({ kind: "Unavailable", reason: amended.error.reason });
    const message = amended.value;
    if (isCanceled) recordEnd(telemetry, message);
    return isCanceled || message.conclusion?.as === "canceled"
      ? ok(message)
      : err({ kind: "Conflict", message, action: "cancel" });
  }

  return (command) => new ResultAsync(cancelMessage(command));
}
