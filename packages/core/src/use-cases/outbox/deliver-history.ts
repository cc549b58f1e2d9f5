import { type History, type HistoryResult, historyResultKind } from "../../ports/history.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { DeliveryResult, Subscriber } from "./deliver-outbox.ts";

/** The subscriber that stores messages in the history, up to 100 in one call. */
export function createHistorySubscriber(history: History, telemetry: Telemetry): Subscriber<"history"> {
  return {
    topic: "history",
    batchSize: 100,
    traceparentOf: ({ traceparent }) => traceparent,
    async deliver(entries) {
      const answer = await history.store(entries);
      if (answer.isOk()) return answer.value.map(resultOf);
      const { reason, retryAt } = answer.error;
      return entries.map(() => ({ reason, ...(retryAt && { retryAt }) }));
    },
    deliveredEvent: "HistoryStored",
    onDelivered: ({ messageId }, lagMs) => telemetry.record({ kind: "HistoryStored", messageId, lagMs }),
    onRetry: ({ messageId }, retryAt, why) =>
      telemetry.record({ kind: "HistoryRetried", messageId, retryAt, ...reasonOf(why) }),
    onDead: ({ messageId }, why) => telemetry.record({ kind: "HistoryDead", messageId, ...reasonOf(why) }),
  };
}

function resultOf(result: HistoryResult): DeliveryResult {
  const kind = historyResultKind(result);
  if (kind === "stored") return "delivered";
  const final = kind === "refused";
  return typeof result === "string"
    ? { final, reason: final ? "the history rejected it" : "the history did not store it" }
    : { final, ...reasonOf(result) };
}

function reasonOf({ reason, httpStatus }: { readonly reason: string; readonly httpStatus?: number }) {
  return { reason, ...(httpStatus !== undefined && { httpStatus }) };
}
