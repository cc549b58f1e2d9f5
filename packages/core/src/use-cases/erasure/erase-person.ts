import { err, ok, type Result, ResultAsync } from "neverthrow";

import { type Identifier, isRecipient, type MessageId } from "../../content/identifiers.ts";
import { eraseMessage } from "../../domain/erased.ts";
import type { Message } from "../../domain/message.ts";
import { conclude } from "../../domain/message-changes.ts";
import { isFinished, waIdOf } from "../../domain/status.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Erasure, Forgotten } from "../../ports/store/erasure.ts";
import type { MessagePosition, MessageStore } from "../../ports/store/message-store.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import { recipientOf } from "../attempt/advise-failure.ts";
import type { Commits } from "../attempt/commits.ts";

/** Whom to erase. */
export interface ErasePersonCommand {
  /** A phone number in E.164 format, with its `+`, or a business-scoped user id. */
  readonly to: string;
  /** Erases only messages of these tenants: what is kept about recipients and webhooks belongs to no tenant. Default: everything. */
  readonly tenantIds?: readonly Identifier[];
}

/** What was erased. */
export interface PersonErased extends Forgotten {
  readonly messages: number;
  /** How many of the messages were queued, and will not be sent. */
  readonly canceled: number;
}

/** Messages to the person are being sent. Everything else was erased: repeat the call once they have ended. */
export interface PersonInUse {
  readonly kind: "PersonInUse";
  readonly messageIds: readonly MessageId[];
}

/** `to` is neither a phone number nor a user id. */
export interface InvalidRecipient {
  readonly kind: "InvalidRecipient";
}

/** Why a person was not erased. */
export type ErasePersonError = InvalidRecipient | PersonInUse | Unavailable;

interface ErasePersonParts extends Pick<Commits, "commitIfUnchanged"> {
  readonly messages: MessageStore;
  readonly erasure: Erasure;
  readonly clock: Clock;
}

const atOnce = 100;

export function createErasePerson({ messages, erasure, clock, commitIfUnchanged }: ErasePersonParts) {
  /** Erases one message. `busy`: an attempt of it is in flight, or a call waits for it. */
  async function eraseOne(
    found: Message,
    wasCanceled = false,
  ): Promise<Result<"erased" | "canceled" | "busy", Unavailable>> {
    let message = found;
    if (!isFinished(message)) {
      if (message.mode !== "queued") return ok("busy");
      const canceled = conclude(message, { as: "canceled", at: clock.now() });
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

  async function erase({ to, tenantIds }: ErasePersonCommand): Promise<Result<PersonErased, ErasePersonError>> {
    if (!isRecipient(to)) return err({ kind: "InvalidRecipient" });
    const named = await erasure.namesOf([to]);
    if (named.isErr()) return err(named.error);
    const names = new Set(named.value);
    const counts = { erased: 0, canceled: 0 };
    const busy: MessageId[] = [];
    // A name that a message reveals is added to the set, and visited too.
    for (const name of names) {
      let after: MessagePosition | undefined;
      do {
        const page = await messages.list({
          to: name,
          limit: atOnce,
          ...(after && { after }),
          ...(tenantIds && { tenantIds }),
        });
        if (page.isErr()) return err(page.error);
        for (const message of page.value.messages) {
          for (const waId of message.attempts.flatMap((attempt) => waIdOf(attempt) ?? [])) names.add(recipientOf(waId));
          const done = await eraseOne(message);
          if (done.isErr()) return err(done.error);
          if (done.value === "busy") busy.push(message.id);
          else counts[done.value] += 1;
        }
        after = page.value.next;
      } while (after);
    }
    const forgotten = tenantIds ? ok({ recipients: 0, webhooks: 0 }) : await erasure.forget([...names]);
    if (forgotten.isErr()) return err(forgotten.error);
    const cleaned = await erasure.clean();
    if (cleaned.isErr()) return err(cleaned.error);
    if (busy.length > 0) return err({ kind: "PersonInUse", messageIds: busy });
    return ok({ messages: counts.erased + counts.canceled, canceled: counts.canceled, ...forgotten.value });
  }

  return (command: ErasePersonCommand): ResultAsync<PersonErased, ErasePersonError> => new ResultAsync(erase(command));
}
