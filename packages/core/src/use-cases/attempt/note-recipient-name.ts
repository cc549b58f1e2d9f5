import type { Outcome } from "../../domain/outcome.ts";
import type { RecipientName } from "../../domain/recipient.ts";
import type { Recipients } from "../../ports/store/recipients.ts";
import { recipientOf } from "./advise-failure.ts";

/** Notes WhatsApp's own name for the recipient of an accepted attempt. Undefined at once where there is nothing to note. */
export type NoteRecipientName = (
  sentTo: { readonly phoneNumberId: string; readonly to: string; readonly at: Date },
  outcome: Outcome,
) => Promise<void> | undefined;

/** How many noted names this process remembers. */
const capacity = 10_000;

/**
 * Notes WhatsApp's own name for a recipient if it differs: a later rejection can then find what is known about them. If the store
 * is unavailable, the next message to them notes the name.
 */
export function createNoteRecipientName({ recipients }: { readonly recipients: Recipients }): NoteRecipientName {
  const noted = new Map<string, string>();

  async function note(name: string, fact: RecipientName): Promise<void> {
    try {
      if ((await recipients.noteName(fact)).isErr()) return;
    } catch {
      // A port that throws must not cost the outcome: the message was sent. The next one to the recipient notes the name.
      return;
    }
    if (noted.size >= capacity) noted.clear();
    noted.set(name, fact.knownAs);
  }

  return ({ phoneNumberId, to, at }, outcome) => {
    if (outcome.kind !== "Accepted" || outcome.waId === undefined) return undefined;
    const knownAs = recipientOf(outcome.waId);
    if (knownAs === to) return undefined;
    const name = `${phoneNumberId} ${to}`;
    return noted.get(name) === knownAs ? undefined : note(name, { phoneNumberId, recipient: to, knownAs, at });
  };
}
