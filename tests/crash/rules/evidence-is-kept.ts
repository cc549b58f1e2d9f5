import type { Rule } from "../facts.ts";

/** The status of a webhook that was answered with 200 is in the store, with its attempt. */
export const evidenceIsKept: Rule = ({ messages, oracle }) => {
  const byId = new Map(messages.map((message) => [message.id, message]));
  return oracle.flatMap((event) => {
    if (event.kind !== "webhook" || event.answered !== 200) return [];
    const [, id = "", attempt] = event.callbackData.split(":");
    const message = byId.get(id);
    const reports = message?.attempts[Number(attempt) - 1]?.reports ?? [];
    const isKept = reports.some(({ wamid, statuses }) => wamid === event.wamid && statuses[event.status] !== undefined);
    if (!message || isKept) return [];
    const what = `message ${message.id}: the webhook "${event.status}" was answered with 200 but not stored`;
    return [{ rule: "evidence is kept", what, evidence: [event, message] }];
  });
};
