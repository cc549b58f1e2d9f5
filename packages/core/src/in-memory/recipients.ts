import { okAsync } from "neverthrow";

import { hasStoppedMarketing, type Recipient, withRecipientFact } from "../domain/recipient.ts";
import type { Recipients } from "../ports/recipients.ts";

/** Recipients with their retention. */
export interface InMemoryRecipients extends Recipients {
  /** Forgets up to `limit` recipients without a fact since a time, the oldest first, but none who opted out. Returns how many. */
  forget(before: Date, limit: number): number;
}

export function createInMemoryRecipients(): InMemoryRecipients {
  const known = new Map<string, NotedRecipient>();

  function change(name: string, at: Date, changed: (before: Recipient) => Recipient): void {
    const { notedAt = at, ...before } = known.get(name) ?? {};
    known.set(name, { ...changed(before), notedAt: notedAt > at ? notedAt : at });
  }

  return {
    note(facts) {
      for (const fact of facts) {
        const name = nameOf(fact.phoneNumberId, fact.recipient);
        change(name, fact.at, (before) => withRecipientFact(before, fact));
      }
      return okAsync(undefined);
    },
    noteName({ phoneNumberId, recipient, knownAs, at }) {
      change(nameOf(phoneNumberId, recipient), at, (before) => ({ ...before, knownAs }));
      return okAsync(undefined);
    },
    find(phoneNumberId, recipient) {
      const { notedAt: _, ...found } = known.get(nameOf(phoneNumberId, recipient)) ?? {};
      return okAsync(found);
    },
    forget(before, limit) {
      const old = [...known]
        .filter(([, recipient]) => !hasStoppedMarketing(recipient) && recipient.notedAt < before)
        .toSorted(([, one], [, other]) => one.notedAt.getTime() - other.notedAt.getTime())
        .slice(0, limit);
      for (const [name] of old) known.delete(name);
      return old.length;
    },
  };
}

function nameOf(phoneNumberId: string, recipient: string): string {
  return `${phoneNumberId} ${recipient}`;
}

interface NotedRecipient extends Recipient {
  readonly notedAt: Date;
}
