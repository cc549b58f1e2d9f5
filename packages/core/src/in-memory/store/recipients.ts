import { okAsync } from "neverthrow";

import { hasStoppedMarketing, type Recipient, withRecipientFact } from "../../domain/recipient.ts";
import type { Recipients } from "../../ports/store/recipients.ts";

/** Recipients with their retention. */
export interface InMemoryRecipients extends Recipients {
  /** Forgets up to `limit` recipients without a fact since a time, the oldest first, but none who opted out. Returns how many. */
  forget(before: Date, limit: number): number;
  namesOf(names: readonly string[]): readonly string[];
  /** Forgets recipients by name. Returns how many. */
  erase(names: readonly string[]): number;
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
    namesOf(names) {
      const all = new Set(names);
      for (let size = 0; size < all.size;) {
        size = all.size;
        for (const [name, { knownAs }] of known) {
          const recipient = recipientIn(name);
          if (knownAs !== undefined && (all.has(recipient) || all.has(knownAs))) all.add(recipient).add(knownAs);
        }
      }
      return [...all];
    },
    erase(names) {
      const gone = [...known].filter(
        ([name, { knownAs = "" }]) => names.includes(recipientIn(name)) || names.includes(knownAs),
      );
      for (const [name] of gone) known.delete(name);
      return gone.length;
    },
  };
}

function nameOf(phoneNumberId: string, recipient: string): string {
  return `${phoneNumberId} ${recipient}`;
}

function recipientIn(name: string): string {
  return name.slice(name.indexOf(" ") + 1);
}

interface NotedRecipient extends Recipient {
  readonly notedAt: Date;
}
