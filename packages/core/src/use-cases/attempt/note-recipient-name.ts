import type { Outcome } from "../../domain/outcome.ts";
import type { Recipients } from "../../ports/store/recipients.ts";
import { recipientOf } from "./advise-failure.ts";

/** Notes WhatsApp's own name for the recipient of an accepted attempt. */
export type NoteRecipientName = (
  sentTo: { readonly phoneNumberId: string; readonly to: string; readonly at: Date },
  outcome: Outcome,
) => Promise<void>;

/** How many noted names this process remembers. */
const capacity = 10_000;

/**
 * Notes WhatsApp's own name for a recipient if it differs: a later rejection can then find what is known about them. If the store
 * is unavailable, the next message to them notes the name.
 */
export function createNoteRecipientName({ recipients }: { readonly recipients: Recipients }): NoteRecipientName {
  const noted = new Map<string, string>();

  return async ({ phoneNumberId, to, at }, outcome) => {
    if (outcome.kind !== "Accepted" || outcome.waId === undefined) return;
    const knownAs = recipientOf(outcome.waId);
    const name = `${phoneNumberId} ${to}`;
    if (knownAs === to || noted.get(name) === knownAs) return;
    const done = await recipients.noteName({ phoneNumberId, recipient: to, knownAs, at });
    if (done.isErr()) return;
    if (noted.size >= capacity) noted.clear();
    noted.set(name, knownAs);
  };
}
