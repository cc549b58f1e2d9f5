import type { MessageSender } from "@message-sender/core";
import { err, ok } from "neverthrow";

import type { Caller } from "../access/access.ts";

/** Finds a message. One of a tenant that the caller may not see is not found. */
export function findFor(sender: MessageSender, caller: Caller, messageId: string): ReturnType<MessageSender["find"]> {
  return sender
    .find(messageId)
    .andThen((message) =>
      caller.sees(message.request.outlet.tenantId) ? ok(message) : err({ kind: "MessageNotFound" as const }),
    );
}
