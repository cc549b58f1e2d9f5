import { err, ok, type Result } from "neverthrow";

import type { Message } from "../../domain/message.ts";
import type { Commit, MessageStore } from "../../ports/store/message-store.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Tracing } from "../../ports/tracing.ts";
import type { StatusChanges } from "../outbox/status-changes.ts";
import type { KeyReused } from "./idempotency.ts";

/** Stores a new message. If its key is known already, it stores nothing and returns the message that has the key. */
export type Accept = (message: Message) => PromiseLike<Result<Commit, Unavailable | KeyReused>>;

interface AcceptParts {
  readonly messages: MessageStore;
  readonly statusChanges: StatusChanges;
  readonly telemetry: Telemetry;
  readonly tracing: Tracing;
}

export function createAccept({ messages, statusChanges, telemetry, tracing }: AcceptParts): Accept {
  /** The error, with the id of the message that has the key if the store can be read. */
  async function reused({ request, idempotencyKey }: Message): Promise<Result<never, KeyReused>> {
    const found = await messages.find({ tenantId: request.outlet.tenantId, key: idempotencyKey?.key ?? "" });
    const known = found.unwrapOr(undefined);
    return err({ kind: "KeyReused", ...(known && { messageId: known.id }) });
  }

  return (message) => {
    const { outlet, conversationId } = message.request;
    const step = { name: "accept message", messageId: message.id, outlet, conversationId } as const;
    const status = statusChanges.prepare(undefined, message);
    return tracing
      .step(step, () => messages.accept(message, status.entries))
      .then((accepted): Result<Commit, Unavailable | KeyReused> | Promise<Result<never, KeyReused>> => {
        if (accepted.isErr()) return err(accepted.error);
        if (accepted.value.kind === "KeyReused") return reused(message);
        if (accepted.value.kind === "Known") return ok({ applied: false, message: accepted.value.message });
        telemetry.record({ kind: "MessageAccepted", messageId: message.id, outlet });
        status.announce?.();
        return ok({ applied: true, message });
      });
  };
}
