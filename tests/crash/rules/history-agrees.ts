import type { Facts, Rule } from "../facts.ts";
import { statusOf, type StoredMessage, wasTaken } from "../stored-message.ts";

type Account = Facts["accounts"]["history"][number];

/** What was sent is in the conversation once, as it turned out; what was not sent is not. */
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
      return { rule: "history agrees", what: `message ${entry.message_id} is not ours`, evidence: [entry] };
    }),
  ];
};

const sentStatuses: ReadonlySet<string> = new Set(["sent", "delivered", "read"]);

function disagreement(message: StoredMessage, entries: readonly Account[]): string | undefined {
  const [entry] = entries;
  const status = statusOf(message);
  if (entries.length > 1) return `is there ${entries.length} times`;
  if (!wasTaken(message)) return entry && `was not sent (${status}) and is there as ${entry.status}`;
  const isSent = sentStatuses.has(status);
  // What failed before it was told of needs no entry.
  if (!entry) return isSent ? `is ${status} and is not there` : undefined;
  if (entry.version > message.version) return `is there with a version of its future`;
  const isToldSo = isSent ? sentStatuses.has(entry.status) : entry.status === status;
  return isToldSo ? undefined : `is ${status} and is there as ${entry.status}`;
}
