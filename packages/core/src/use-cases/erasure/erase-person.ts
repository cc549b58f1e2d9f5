import { err, ok, type Result, ResultAsync } from "neverthrow";

import { type Identifier, isRecipient, type MessageId } from "../../content/identifiers.ts";
import type { Message } from "../../domain/message.ts";
import { waIdOf } from "../../domain/status.ts";
import type { Forgotten } from "../../ports/store/erasure.ts";
import type { MessagePosition } from "../../ports/store/message-store.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import { recipientOf } from "../attempt/advise-failure.ts";
import { createEraseMessage, type EraseMessageParts } from "./erase-message.ts";

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

/**
 * Messages to the person are being sent. Everything else was erased, but for what is needed to find them again: repeat the call once
 * they have ended.
 */
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

const atOnce = 100;

/**
 * Erases in an order in which what leads to the rest goes last, so that an erasure that was interrupted can be repeated: first the
 * messages to names that other messages reveal, then those other messages, and at the end what is known about the recipient.
 */
export function createErasePerson(parts: EraseMessageParts) {
  const { messages, erasure } = parts;
  const eraseOne = createEraseMessage(parts);

  /** Runs `visit` for each message to a name. */
  async function each(
    to: string,
    tenantIds: ErasePersonCommand["tenantIds"],
    visit: (message: Message) => Promise<Result<unknown, Unavailable>> | void,
  ): Promise<Result<void, Unavailable>> {
    let after: MessagePosition | undefined;
    do {
      const page = await messages.list({ to, limit: atOnce, ...(after && { after }), ...(tenantIds && { tenantIds }) });
      if (page.isErr()) return err(page.error);
      for (const message of page.value.messages) {
        const visited = await visit(message);
        if (visited?.isErr()) return err(visited.error);
      }
      after = page.value.next;
    } while (after);
    return ok();
  }

  /** The names of the person: those that the store knows, and then those that their messages reveal. */
  async function namesOf({ to, tenantIds }: ErasePersonCommand): Promise<Result<ReadonlySet<string>, Unavailable>> {
    const known = await erasure.namesOf([to]);
    if (known.isErr()) return err(known.error);
    const names = new Set([to, ...known.value]);
    // A name that is added is visited too.
    for (const name of names) {
      const visited = await each(name, tenantIds, (message) => {
        for (const revealed of namesIn(message)) names.add(revealed);
      });
      if (visited.isErr()) return err(visited.error);
    }
    return ok(names);
  }

  async function erase(command: ErasePersonCommand): Promise<Result<PersonErased, ErasePersonError>> {
    const { to, tenantIds } = command;
    if (!isRecipient(to)) return err({ kind: "InvalidRecipient" });
    const names = await namesOf(command);
    if (names.isErr()) return err(names.error);
    const counts = { erased: 0, canceled: 0 };
    const busy: MessageId[] = [];
    /** Names to which messages are left. */
    const left = new Set<string>();
    for (const name of [...names.value].toReversed()) {
      const erased = await each(name, tenantIds, async (message) => {
        const leadsToOthers = namesIn(message).some((other) => other !== name && left.has(other));
        if (leadsToOthers) return ok(left.add(name));
        const done = await eraseOne(message);
        if (done.isErr()) return err(done.error);
        if (done.value !== "busy") return ok((counts[done.value] += 1));
        busy.push(message.id);
        return ok(left.add(name));
      });
      if (erased.isErr()) return err(erased.error);
    }
    const isFindable = [...left].every((name) => name === to);
    const forgotten =
      tenantIds || !isFindable ? ok({ recipients: 0, webhooks: 0 }) : await erasure.forget([...names.value]);
    if (forgotten.isErr()) return err(forgotten.error);
    const cleaned = await erasure.clean();
    if (cleaned.isErr()) return err(cleaned.error);
    if (busy.length > 0) return err({ kind: "PersonInUse", messageIds: busy });
    return ok({ messages: counts.erased + counts.canceled, canceled: counts.canceled, ...forgotten.value });
  }

  return (command: ErasePersonCommand): ResultAsync<PersonErased, ErasePersonError> => new ResultAsync(erase(command));
}

/** What WhatsApp called the recipient of a message. */
function namesIn({ attempts }: Message): readonly string[] {
  return attempts.flatMap((attempt) => waIdOf(attempt) ?? []).map(recipientOf);
}
