import { okAsync } from "neverthrow";

import { hasStoppedMarketing, type Recipient, withRecipientFact } from "../domain/recipient.ts";
import type { Recipients } from "../ports/recipients.ts";

export interface InMemoryRecipients extends Recipients {
  /** Forgets up to `limit` of whom nothing was heard since a time and who take marketing, the oldest first; gives how many. */
  forget(before: Date, limit: number): number;
}

export function createInMemoryRecipients(): InMemoryRecipients {
  const known = new Map<string, Recipient>();

  return {
    note(facts) {
      for (const fact of facts) {
        const name = nameOf(fact.phoneNumberId, fact.recipient);
        known.set(name, withRecipientFact(known.get(name) ?? {}, fact));
      }
      return okAsync(undefined);
    },
    find: (phoneNumberId, recipient) => okAsync(known.get(nameOf(phoneNumberId, recipient)) ?? {}),
    forget(before, limit) {
      const old = [...known]
        .filter(([, recipient]) => !hasStoppedMarketing(recipient) && heardAt(recipient) < before.getTime())
        .toSorted(([, one], [, other]) => heardAt(one) - heardAt(other))
        .slice(0, limit);
      for (const [name] of old) known.delete(name);
      return old.length;
    },
  };
}

function nameOf(phoneNumberId: string, recipient: string): string {
  return `${phoneNumberId} ${recipient}`;
}

function heardAt(recipient: Recipient): number {
  return Math.max(...Object.values(recipient).map((at: Date) => at.getTime()));
}
