import { err, ok, type Result, ResultAsync } from "neverthrow";

import type { Identifier, MessageId } from "../domain/identifiers.ts";
import { abandon, type Message, requeue } from "../domain/message.ts";
import type { Clock } from "../ports/clock.ts";
import type { R, Unavailable } from "../ports/result.ts";
import { type AmendPorts, createAmend } from "./amend.ts";
import { findMessage, type MessageNotFound } from "./find-message.ts";
import { recordEnd } from "./record-telemetry.ts";

/** What is to become of a message whose outcome is unknown. */
export interface ResolveMessageCommand {
  readonly messageId: MessageId;
  /** `resend` gives it to the queue with its whole schedule anew; `abandon` ends it as failed. Neither takes or gives a unit. */
  readonly action: "resend" | "abandon";
  /** Only a message of this tenant. */
  readonly tenantId?: Identifier;
}

/** The message's state does not allow it: only one whose outcome is unknown can be resolved. */
interface Conflict {
  readonly kind: "Conflict";
  readonly message: Message;
}

export type ResolveMessageError = MessageNotFound | Conflict | Unavailable;

/** Lets an operator decide what evidence has not. */
export function createResolveMessage(
  ports: AmendPorts & { readonly clock: Clock },
  { ttlMs }: { readonly ttlMs: number },
): (command: ResolveMessageCommand) => R<Message, ResolveMessageError> {
  const { messages, clock, telemetry } = ports;
  const amend = createAmend(ports);

  function resolved(current: Message, action: ResolveMessageCommand["action"]): Message {
    const now = clock.now();
    return action === "abandon" ? abandon(current, now) : requeue(current, now, new Date(now.getTime() + ttlMs));
  }

  async function resolve(command: ResolveMessageCommand): Promise<Result<Message, ResolveMessageError>> {
    const found = await findMessage(messages, command.messageId, command.tenantId);
    if (found.isErr()) return err(found.error);
    let isResolved = false;
    const amended = await amend(found.value, (current) => {
      const next = resolved(current, command.action);
      isResolved = next !== current;
      return next;
    });
    if (amended.isErr()) return err({ kind: "Unavailable", reason: amended.error.reason });
    if (isResolved) recordEnd(telemetry, amended.value);
    return isResolved ? ok(amended.value) : err({ kind: "Conflict", message: amended.value });
  }

  return (command) => new ResultAsync(resolve(command));
}
