import { knownCopies } from "../copies.ts";
import type { Rule } from "../facts.ts";

/** A message that WhatsApp is known to have accepted twice is shown as a possible duplicate. */
export const duplicatesAreMarked: Rule = ({ oracle, clients, messages }) => {
  const copies = knownCopies(oracle, messages);
  const resent = new Set(messages.filter(({ resends }) => resends).map(({ id }) => id));
  return clients.flatMap((event) => {
    if (event.kind !== "shown" || event.possibleDuplicate) return [];
    // A copy that had failed before a resend was requested is not a duplicate.
    const taken = (copies.get(event.messageId) ?? []).filter(({ isAlive }) => isAlive || !resent.has(event.messageId));
    if (taken.length < 2) return [];
    const what = `message ${event.messageId}: WhatsApp accepted ${taken.length} copies, but it is not marked`;
    return [{ rule: "duplicates are marked", what, evidence: [event, ...taken] }];
  });
};
