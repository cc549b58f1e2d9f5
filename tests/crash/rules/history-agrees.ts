import type { Facts, Rule } from "../facts.ts";
import { statusOf, type StoredMessage, wasAccepted } from "../stored-message.ts";

type Account = Facts["accounts"]["history"][number];

/** A sent message is in the conversation once, with its final status. A message that was not sent is not there. */
export const historyAgrees: Rule = ({ messages, accounts }) => {
  const byId = new Map<string, Account[]>();
  for (const entry of accounts.history) byId.set(entry.message_id, [...(byId.get(entry.message_id) ?? []), entry]);
  const ours = new Set(messages.map(({ id }) => id));
  const strangers = accounts.history.filter(({ message_id }) => !ours.has(message_id));
  return [
    ...messages.flatMap((message) => {
      const entries = byId.get(message.id) ?? [];
      const what = disagreement(message, entries);
      if (what === undefined) return [];
      return [{ rule: "history agrees", what: `message ${message.id} ${what}`, evidence: [...entries, message] }];
    }),
    ...strangers.map((entry) => {
      return { rule: "history agrees", what: `message ${entry.message_id} is not in the store`, evidence: [entry] };
    }),
  ];
};

const sentStatuses: ReadonlySet<string> = new Set(["sent", "delivered", "read"]);

function disagreement(message: StoredMessage, entries: readonly Account[]): string | undefined {
  const [entry] = entries;
  const status = statusOf(message);
  if (entries.length > 1) return `is there ${entries.length} times`;
  if (!wasAccepted(message)) return entry && `was not sent (${status}), but is there as ${entry.status}`;
  const isSent = sentStatuses.has(status);
  // A message that failed before its entry was delivered needs no entry.
  if (!entry) return isSent ? `is ${status}, but is not there` : undefined;
  if (entry.version > message.version) return `is there with a later version than its own`;
  const isToldSo = isSent ? sentStatuses.has(entry.status) : entry.status === status;
  return isToldSo ? undefined : `is ${status}, but is there as ${entry.status}`;
}
