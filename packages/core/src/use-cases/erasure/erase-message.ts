import { err, ok, type Result } from "neverthrow";

import { eraseMessage } from "../../domain/erased.ts";
import type { Message } from "../../domain/message.ts";
import { cancel } from "../../domain/message-changes.ts";
import { isFinished } from "../../domain/status.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Erasure } from "../../ports/store/erasure.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Commits } from "../attempt/commits.ts";

export interface EraseMessageParts extends Pick<Commits, "commitIfUnchanged"> {
  readonly messages: MessageStore;
  readonly erasure: Erasure;
  readonly clock: Clock;
}

/** `canceled`: it was queued. `busy`: it was not erased, because an attempt of it is in flight, or a call waits for it. */
export type MessageErasure = "erased" | "canceled" | "busy";

/** Erases one message, and cancels it first if it is queued. */
export function createEraseMessage({ messages, erasure, clock, commitIfUnchanged }: EraseMessageParts) {
  async function eraseOne(found: Message, wasCanceled = false): Promise<Result<MessageErasure, Unavailable>> {
    let message = found;
    if (!isFinished(message)) {
      const canceled = cancel(message, clock.now());
      if (canceled === message) return ok("busy");
      const committed = await commitIfUnchanged(message, canceled);
      if (committed.isErr()) return err({ kind: "Unavailable", reason: committed.error.reason });
      if (committed.value.revision !== canceled.revision || !isFinished(committed.value))
        return eraseOne(committed.value);
      message = committed.value;
      wasCanceled = true;
    }
    const replaced = await erasure.replace(eraseMessage(message));
    if (replaced.isErr()) return err(replaced.error);
    if (replaced.value) return ok(wasCanceled ? "canceled" : "erased");
    // A webhook or an operator changed it meanwhile.
    const current = await messages.find({ id: message.id });
    if (current.isErr()) return err(current.error);
    return current.value ? eraseOne(current.value, wasCanceled) : ok("erased");
  }

  return (message: Message) => eraseOne(message);
}
