import type { OracleEvent } from "./events.ts";
import { type Exchange, exchangesOf } from "./exchanges.ts";
import type { StoredMessage } from "./stored-message.ts";

/** What the server can know of one attempt: by WhatsApp's answer, as far as it is in the store, and by webhooks that it took. */
export interface KnownCopy {
  readonly attempt: number;
  readonly wamid: string;
  readonly isAlive: boolean;
  /** 0: sent, 1: delivered, 2: read. */
  readonly progress: number;
}

/** By message; in the order of the attempts. What WhatsApp took and only ever called failed is none. */
export function knownCopies(
  oracle: readonly OracleEvent[],
  messages: readonly StoredMessage[],
): Map<string, KnownCopy[]> {
  const exchanges = exchangesOf(oracle);
  const said = statusesTaken(oracle);
  return new Map(
    messages.map((message) => {
      const copies = (exchanges.get(message.id) ?? []).flatMap((exchange) => copyOf(message, exchange, said));
      return [message.id, copies.toSorted((one, other) => one.attempt - other.attempt)];
    }),
  );
}

function copyOf(message: StoredMessage, exchange: Exchange, said: Map<string, Set<string>>): KnownCopy[] {
  const { attempt, wamid } = exchange;
  if (wamid === undefined) return [];
  const statuses = said.get(wamid) ?? new Set<string>();
  const outcome = message.attempts[attempt - 1]?.ended?.outcome;
  const isAnswered = outcome?.kind === "Accepted" && outcome.wamid === wamid;
  const hasArrived = statuses.has("delivered") || statuses.has("read");
  if (!isAnswered && !statuses.has("sent") && !hasArrived) return [];
  const progress = statuses.has("read") ? 2 : statuses.has("delivered") ? 1 : 0;
  return [{ attempt, wamid, isAlive: hasArrived || !statuses.has("failed"), progress }];
}

/** By the id that WhatsApp gave: what webhooks said that were answered with 200. */
function statusesTaken(oracle: readonly OracleEvent[]): Map<string, Set<string>> {
  const said = new Map<string, Set<string>>();
  for (const event of oracle) {
    if (event.kind !== "webhook" || event.answered !== 200) continue;
    said.set(event.wamid, (said.get(event.wamid) ?? new Set()).add(event.status));
  }
  return said;
}
