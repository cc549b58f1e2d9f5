import { acceptedIds } from "../exchanges.ts";
import type { Rule } from "../facts.ts";

/** Of the messages under one key WhatsApp accepted at most one, even if the key was freed. */
export const keysSendOnce: Rule = ({ clients, oracle, messages }) => {
  const keyed = new Set(
    clients.flatMap((event) => (event.kind === "asked" && event.key !== undefined ? [event.call] : [])),
  );
  const accepted = acceptedIds(oracle);
  const byCall = new Map<string, Set<string>>();
  const add = (call: string, id: string): void => {
    if (keyed.has(call) && accepted.has(id)) byCall.set(call, (byCall.get(call) ?? new Set()).add(id));
  };
  for (const { id, request } of messages) add(request.reference ?? "", id);
  for (const event of clients) if (event.kind === "answered") add(event.call, event.messageId ?? "");
  return [...byCall]
    .filter(([, ids]) => ids.size > 1)
    .map(([call, ids]) => {
      const what = `${ids.size} messages were sent under one key: ${[...ids].join(", ")}`;
      return {
        rule: "keys send once",
        what,
        evidence: clients.filter((event) => "call" in event && event.call === call),
      };
    });
};
