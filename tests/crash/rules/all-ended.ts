import type { Rule, Violation } from "../facts.ts";
import { statusOf } from "../stored-message.ts";

/** Every accepted message has come to an end and no attempt of it is in flight; the API says the same of it as its facts. */
export const allEnded: Rule = ({ messages, clients }) => {
  const open = messages
    .filter((message) => statusOf(message) === "queued" || message.attempts.some(({ ended }) => !ended))
    .map((message): Violation => {
      const what = `message ${message.id} is ${statusOf(message)} and has not ended`;
      return { rule: "all ended", what, evidence: [message] };
    });
  const byId = new Map(messages.map((message) => [message.id, message]));
  const shownOtherwise = clients.flatMap((event): Violation[] => {
    const message = event.kind === "shown" ? byId.get(event.messageId) : undefined;
    if (event.kind !== "shown" || !message || statusOf(message) === event.status) return [];
    const what = `message ${message.id} was shown as ${event.status}, its facts say ${statusOf(message)}`;
    return [{ rule: "all ended", what, evidence: [event, message] }];
  });
  return [...open, ...shownOtherwise];
};
