import { knownCopies } from "../copies.ts";
import type { Rule } from "../facts.ts";

/** A message of which WhatsApp is known to have taken two is shown as a possible duplicate. */
export const duplicatesAreMarked: Rule = ({ oracle, clients, messages }) => {
  const copies = knownCopies(oracle, messages);
  const resent = new Set(messages.filter(({ resends }) => resends).map(({ id }) => id));
  return clients.flatMap((event) => {
    if (event.kind !== "shown" || event.possibleDuplicate) return [];
    // What had failed when somebody asked for a resend is no duplicate.
    const taken = (copies.get(event.messageId) ?? []).filter(({ isAlive }) => isAlive || !resent.has(event.messageId));
    if (taken.length < 2) return [];
    const what = `message ${event.messageId}: WhatsApp took ${taken.length} and it is not marked`;
    return [{ rule: "duplicates are marked", what, evidence: [event, ...taken] }];
  });
};
