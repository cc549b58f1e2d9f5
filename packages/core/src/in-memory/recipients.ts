import { okAsync } from "neverthrow";

import { hasStoppedMarketing, type Recipient, withRecipientFact } from "../domain/recipient.ts";
import type { Recipients } from "../ports/recipients.ts";

export interface InMemoryRecipients extends Recipients {
  /** Forgets up to `limit` of whom nothing was heard since a time and who take marketing, the oldest first; gives how many. */
  forget(before: Date, limit: number): number;
}

export function createInMemoryRecipients(): InMemoryRecipients {
  const known = new Map<string, NotedRecipient>();

  function change(name: string, at: Date, changed: (before: Recipient) => Recipient): void {
    const { heardAt = at, ...before } = known.get(name) ?? {};
    known.set(name, { ...changed(before), heardAt: heardAt > at ? heardAt : at });
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
      const { heardAt: _, ...found } = known.get(nameOf(phoneNumberId, recipient)) ?? {};
      return okAsync(found);
    },
    forget(before, limit) {
      const old = [...known]
        .filter(([, recipient]) => !hasStoppedMarketing(recipient) && recipient.heardAt < before)
        .toSorted(([, one], [, other]) => one.heardAt.getTime() - other.heardAt.getTime())
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
  readonly heardAt: Date;
}
