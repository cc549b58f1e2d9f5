import type { Rule } from "../facts.ts";

/** What a webhook said that was answered with 200 is in the store. */
export const evidenceIsKept: Rule = ({ messages, oracle }) => {
  const byId = new Map(messages.map((message) => [message.id, message]));
  return oracle.flatMap((event) => {
    if (event.kind !== "webhook" || event.answered !== 200) return [];
    const message = byId.get(event.callbackData.split(":")[1] ?? "");
    if (!message || message.providerStatuses[event.status] !== undefined) return [];
    const what = `message ${message.id}: the webhook "${event.status}" was answered with 200 and forgotten`;
    return [{ rule: "evidence is kept", what, evidence: [event, message] }];
  });
};
