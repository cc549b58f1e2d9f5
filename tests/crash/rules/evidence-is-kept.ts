import type { Rule } from "../facts.ts";

/** What a webhook said that was answered with 200 is in the store, with the attempt that it was about. */
export const evidenceIsKept: Rule = ({ messages, oracle }) => {
  const byId = new Map(messages.map((message) => [message.id, message]));
  return oracle.flatMap((event) => {
    if (event.kind !== "webhook" || event.answered !== 200) return [];
    const [, id = "", attempt] = event.callbackData.split(":");
    const message = byId.get(id);
    const reports = message?.attempts[Number(attempt) - 1]?.reports ?? [];
    const isKept = reports.some(({ wamid, statuses }) => wamid === event.wamid && statuses[event.status] !== undefined);
    if (!message || isKept) return [];
    const what = `message ${message.id}: the webhook "${event.status}" was answered with 200 and forgotten`;
    return [{ rule: "evidence is kept", what, evidence: [event, message] }];
  });
};
