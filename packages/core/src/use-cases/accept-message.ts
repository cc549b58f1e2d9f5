import { err, ok } from "neverthrow";

import type { Message } from "../domain/message.ts";
import type { Commit, MessageStore } from "../ports/message-store.ts";
import type { R, Unavailable } from "../ports/result.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { type KeyReused, keyReused } from "./idempotency.ts";

/** Adds a new message. It does not apply where its key is known already: then it gives the message that has the key. */
export function createAccept({ messages, telemetry }: { messages: MessageStore; telemetry: Telemetry }) {
  return (message: Message): R<Commit, Unavailable | KeyReused> =>
    messages.accept(message).andThen((accepting) => {
      if (accepting.kind === "KeyReused") return err(keyReused);
      if (accepting.kind === "Known") return ok({ applied: false, message: accepting.message });
      telemetry.record({ kind: "MessageAccepted", messageId: message.id, outlet: message.request.outlet });
      return ok({ applied: true, message });
    });
}
