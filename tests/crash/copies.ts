import type { OracleEvent } from "./events.ts";
import { type Exchange, exchangesOf } from "./exchanges.ts";
import type { StoredMessage } from "./stored-message.ts";

/** What the server can know about an attempt: from WhatsApp's stored answer, and from webhooks that it answered with 200. */
export interface KnownCopy {
  readonly attempt: number;
  readonly wamid: string;
  readonly isAlive: boolean;
  /** 0: sent, 1: delivered, 2: read. */
  readonly progress: number;
}

/** The copies of each message, in the order of its attempts. An attempt that WhatsApp accepted but reported only as failed has none. */
export function knownCopies(
  oracle: readonly OracleEvent[],
  messages: readonly StoredMessage[],
): Map<string, KnownCopy[]> {
  const exchanges = exchangesOf(oracle);
  const reported = reportedStatuses(oracle);
  return new Map(
    messages.map((message) => {
      const copies = (exchanges.get(message.id) ?? []).flatMap((exchange) => copyOf(message, exchange, reported));
      return [message.id, copies.toSorted((one, other) => one.attempt - other.attempt)];
    }),
  );
}

function copyOf(message: StoredMessage, exchange: Exchange, reported: Map<string, Set<string>>): KnownCopy[] {
  const { attempt, wamid } = exchange;
  if (wamid === undefined) return [];
  const statuses = reported.get(wamid) ?? new Set<string>();
  const outcome = message.attempts[attempt - 1]?.ended?.outcome;
  const isAnswered = outcome?.kind === "Accepted" && outcome.wamid === wamid;
  const hasArrived = statuses.has("delivered") || statuses.has("read");
  if (!isAnswered && !statuses.has("sent") && !hasArrived) return [];
  const progress = statuses.has("read") ? 2 : statuses.has("delivered") ? 1 : 0;
  return [{ attempt, wamid, isAlive: hasArrived || !statuses.has("failed"), progress }];
}

/** The statuses for each wamid, from webhooks that were answered with 200. */
function reportedStatuses(oracle: readonly OracleEvent[]): Map<string, Set<string>> {
  const reported = new Map<string, Set<string>>();
  for (const event of oracle) {
    if (event.kind !== "webhook" || event.answered !== 200) continue;
    reported.set(event.wamid, (reported.get(event.wamid) ?? new Set()).add(event.status));
  }
  return reported;
}
