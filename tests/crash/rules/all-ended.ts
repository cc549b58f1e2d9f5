import type { Rule, Violation } from "../facts.ts";
import { statusOf } from "../stored-message.ts";

/** Every accepted message has ended, without an attempt in flight, and the API shows the status that its facts imply. */
export const allEnded: Rule = ({ messages, clients }) => {
  const open = messages
    .filter((message) => statusOf(message) === "queued" || message.attempts.some(({ ended }) => !ended))
    .map((message): Violation => {
      const what = `message ${message.id} is ${statusOf(message)}, so it has not ended`;
      return { rule: "all ended", what, evidence: [message] };
    });
  const byId = new Map(messages.map((message) => [message.id, message]));
  const shownOtherwise = clients.flatMap((event): Violation[] => {
    const message = event.kind === "shown" ? byId.get(event.messageId) : undefined;
    if (event.kind !== "shown" || !message || statusOf(message) === event.status) return [];
    const what = `message ${message.id} was shown as ${event.status}, but its facts say ${statusOf(message)}`;
    return [{ rule: "all ended", what, evidence: [event, message] }];
  });
  return [...open, ...shownOtherwise];
};
