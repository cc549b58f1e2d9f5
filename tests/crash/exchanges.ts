import type { OracleEvent } from "./events.ts";

/** A request to the oracle, and its answer. */
export interface Exchange {
  readonly request: number;
  readonly at: number;
  readonly messageId: string;
  readonly attempt: number;
  /** 0: no answer was given. */
  status: number;
  wamid?: string;
}

/** The exchanges of each message, in order of arrival. */
export function exchangesOf(events: readonly OracleEvent[]): Map<string, Exchange[]> {
  const byRequest = new Map<number, Exchange>();
  const byMessage = new Map<string, Exchange[]>();
  for (const event of events) {
    if (event.kind === "request") {
      const [, messageId = event.callbackData, attempt] = event.callbackData.split(":");
      const exchange = { request: event.request, at: event.at, messageId, attempt: Number(attempt), status: 0 };
      byRequest.set(event.request, exchange);
      byMessage.set(messageId, [...(byMessage.get(messageId) ?? []), exchange]);
    } else if (event.kind === "answered" || event.kind === "dropped") {
      const exchange = byRequest.get(event.request);
      if (!exchange) throw new Error(`request ${event.request} was answered but never arrived`);
      if (event.kind === "answered") exchange.status = event.status;
      if (event.wamid !== undefined) exchange.wamid = event.wamid;
    }
  }
  return byMessage;
}

/**
 * The messages that the oracle accepted, answered or not. A message that it accepted but answered with an error, or reported as
 * failed, counts as refused: it was not delivered, or nobody can know.
 */
export function acceptedIds(events: readonly OracleEvent[]): Set<string> {
  const failed = new Set(
    events.flatMap((event) => (event.kind === "webhook" && event.status === "failed" ? event.wamid : [])),
  );
  const accepted = [...exchangesOf(events).values()]
    .flat()
    .filter(({ wamid, status }) => wamid !== undefined && status < 400 && !failed.has(wamid));
  return new Set(accepted.map(({ messageId }) => messageId));
}
