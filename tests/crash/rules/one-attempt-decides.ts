import { type KnownCopy, knownCopies } from "../copies.ts";
import type { Rule } from "../facts.ts";

const progressOf: Readonly<Record<string, number>> = { sent: 0, delivered: 1, read: 2 };

/** A message is shown with the status and wamid of its most advanced live attempt. Without a live one, it is not shown as sent. */
export const oneAttemptDecides: Rule = ({ oracle, clients, messages }) => {
  const copies = knownCopies(oracle, messages);
  return clients.flatMap((event) => {
    if (event.kind !== "shown") return [];
    const known = copies.get(event.messageId);
    if (!known) return [];
    const decides = furthest(known.filter(({ isAlive }) => isAlive));
    const shown = progressOf[event.status];
    const what =
      shown !== decides?.progress
        ? `is shown as ${event.status}, but WhatsApp reported ${reportedBy(decides)}`
        : decides && event.wamid !== undefined && event.wamid !== decides.wamid
          ? `is shown as ${event.wamid}, but ${decides.wamid} decides`
          : undefined;
    if (what === undefined) return [];
    return [{ rule: "one attempt decides", what: `message ${event.messageId} ${what}`, evidence: [event, ...known] }];
  });
};

function furthest(alive: readonly KnownCopy[]): KnownCopy | undefined {
  return alive.toSorted((one, other) => other.progress - one.progress || one.attempt - other.attempt)[0];
}

function reportedBy(decides: KnownCopy | undefined): string {
  return decides
    ? `${Object.keys(progressOf)[decides.progress]} of attempt ${decides.attempt}`
    : "nothing of a live attempt";
}
