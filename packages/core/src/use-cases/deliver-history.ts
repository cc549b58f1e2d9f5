import type { History, HistoryResult } from "../ports/history.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { Handing, Recipient } from "./deliver-outbox.ts";

/** Tells the history of messages, where several wait in one call. */
export function createHistoryRecipient(history: History, telemetry: Telemetry): Recipient<"history"> {
  return {
    topic: "history",
    batchSize: 100,
    async hand(entries) {
      const answer = await history.store(entries);
      if (answer.isOk()) return answer.value.map(handingOf);
      const { reason, retryAt } = answer.error;
      return entries.map(() => ({ reason, ...(retryAt && { retryAt }) }));
    },
    delivered: ({ messageId }, lagMs) => telemetry.record({ kind: "HistoryStored", messageId, lagMs }),
    retried: ({ messageId }, retryAt, reason) =>
      telemetry.record({ kind: "HistoryRetried", messageId, retryAt, reason }),
    dead: ({ messageId }, reason) => telemetry.record({ kind: "HistoryDead", messageId, reason }),
  };
}

function handingOf(result: HistoryResult): Handing {
  switch (result) {
    case "stored":
      return "taken";
    case "refused":
      return "refused";
    case "retry":
      return { reason: "the history did not store it" };
  }
}
