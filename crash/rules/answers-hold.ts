import { acceptedIds } from "../exchanges.ts";
import type { Rule } from "../facts.ts";

/** Nobody was told "sent" of what WhatsApp never accepted, nor "not sent" of what it did. */
export const answersHold: Rule = ({ clients, oracle, messages }) => {
  const accepted = acceptedIds(oracle);
  const failedLater = new Set(
    messages.filter(({ providerStatuses }) => providerStatuses["failed"]).map(({ id }) => id),
  );
  return clients.flatMap((event) => {
    if (event.kind !== "answered" || event.messageId === undefined) return [];
    const { messageId: id, status, messageStatus } = event;
    const what =
      status === 200 && !accepted.has(id)
        ? `message ${id} was answered with 200 and never accepted`
        : messageStatus === "failed" && accepted.has(id) && !failedLater.has(id)
          ? `message ${id} was answered as failed and had been accepted`
          : undefined;
    return what === undefined ? [] : [{ rule: "answers hold", what, evidence: [event] }];
  });
};
