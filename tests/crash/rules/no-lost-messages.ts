import type { Rule } from "../facts.ts";

/** Whatever message a client was told of is in the store; so is whatever the oracle was asked to send. */
export const toldOfExist: Rule = ({ clients, oracle, messages }) => {
  const stored = new Set(messages.map(({ id }) => id));
  const told = clients.flatMap((event) =>
    event.kind === "answered" && event.messageId !== undefined ? [{ id: event.messageId, event }] : [],
  );
  const requested = oracle.flatMap((event) =>
    event.kind === "request" ? [{ id: event.callbackData.split(":")[1] ?? "", event }] : [],
  );
  return [...told, ...requested]
    .filter(({ id }) => !stored.has(id))
    .map(({ id, event }) => ({ rule: "told of exist", what: `message ${id} is not in the store`, evidence: [event] }));
};
