import { err, ok, type ResultAsync } from "neverthrow";

import type { Identifier, MessageId } from "../../content/identifiers.ts";
import type { Message } from "../../domain/message.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { Unavailable } from "../../ports/unavailable.ts";

/** There is no message with this id, or it belongs to another tenant. */
export interface MessageNotFound {
  readonly kind: "MessageNotFound";
}

/** Finds a message; with `tenantId`, only a message of that tenant. */
export function findMessage(
  messages: MessageStore,
  id: MessageId,
  tenantId?: Identifier,
): ResultAsync<Message, MessageNotFound | Unavailable> {
  return messages
    .find({ id })
    .andThen((message) =>
      message && (tenantId === undefined || message.request.outlet.tenantId === tenantId)
        ? ok(message)
        : err({ kind: "MessageNotFound" } as const),
    );
}
