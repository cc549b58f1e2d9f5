import type { Outcome } from "../../domain/outcome.ts";
import type { Recipients } from "../../ports/recipients.ts";
import { recipientOf } from "./advise-failure.ts";

/** Stores the name that an accepted attempt came back with. */
export type NoteRecipientName = (
  sentTo: { readonly phoneNumberId: string; readonly to: string; readonly at: Date },
  outcome: Outcome,
) => Promise<void>;

/** How many names this process remembers to have noted. */
const capacity = 10_000;

/**
 * Notes WhatsApp's own name for a recipient where it differs, so that a later refusal finds what is known of them. Where the
 * store cannot take it, the next message to them notes it.
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
