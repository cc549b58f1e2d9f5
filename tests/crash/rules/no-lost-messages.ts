import type { Rule } from "../facts.ts";

/** Every message whose id a client got is in the store, and so is every message that the oracle was asked to send. */
export const noLostMessages: Rule = ({ clients, oracle, messages }) => {
  const stored = new Set(messages.map(({ id }) => id));
  const told = clients.flatMap((event) =>
    event.kind === "answered" && event.messageId !== undefined ? [{ id: event.messageId, event }] : [],
  );
  const requested = oracle.flatMap((event) =>
    event.kind === "request" ? [{ id: event.callbackData.split(":")[1] ?? "", event }] : [],
  );
  return [...told, ...requested]
    .filter(({ id }) => !stored.has(id))
    .map(({ id, event }) => ({
      rule: "no lost messages",
      what: `message ${id} is not in the store`,
      evidence: [event],
    }));
};
