import {
  type Clock,
  type History,
  type HistoryEntry,
  type HistoryResult,
  plainContent,
  type R,
  type Unavailable,
} from "@message-sender/core";
import { createSystemClock } from "@message-sender/core/node";
import { ok, Result, ResultAsync, safeTry } from "neverthrow";
import { z } from "zod";

import { runWithTraceparent } from "../trace-context.ts";
import { nameService, path, type ServiceClient } from "./service-client.ts";

const named = nameService("Conversation Service");
const rememberedMs = 300_000;

/**
 * Tells the Conversation Service. One entry is posted alone, several as a batch; a service that has no batches gets
 * single posts, and that it has none is remembered for five minutes.
 */
export function createConversationServiceHistory(
  client: ServiceClient,
  { clock = createSystemClock() }: { readonly clock?: Clock } = {},
): History {
  let withoutBatchesUntil = new Date(0);

  function storeOne(entry: HistoryEntry): R<HistoryResult, Unavailable> {
    const { messageId, version, correction, conversationId, traceparent } = entry;
    return client
      .call({
        method: "POST",
        path: path`/api/v1/conversations/${conversationId}/messages`,
        body: encodeEntry(entry),
        idempotencyKey: correction ? `${messageId}:${version}` : messageId,
        traceparent,
      })
      .map(({ status }) => resultOf(status))
      .mapErr(named);
  }

  /** At once, for they are of different conversations. Unavailable only where not one was answered. */
  function storeSingly(entries: readonly HistoryEntry[]): R<readonly HistoryResult[], Unavailable> {
    return new ResultAsync(
      Promise.all(entries.map(storeOne)).then((results) =>
        results.length > 0 && results.every((result) => result.isErr())
          ? Result.combine(results)
          : ok(results.map((result) => result.unwrapOr("retry"))),
      ),
    );
  }

  function storeBatch(entries: readonly HistoryEntry[]): R<readonly HistoryResult[], Unavailable> {
    return safeTry(async function* () {
      const messages = entries.map((entry) => ({ conversation_id: entry.conversationId, ...encodeEntry(entry) }));
      const url = "/api/v1/conversations/messages/batch";
      // A batch is of many traces; the one of whoever woke the delivery would be wrong for the rest.
      const { status, body } = yield* await runWithTraceparent(undefined, () =>
        client.call({ method: "POST", path: url, body: { messages } }),
      ).mapErr(named);
      if (status === 200 || status === 207) return ok(resultsOf(entries, body));
      if (status === 404 || status === 405) {
        withoutBatchesUntil = new Date(clock.now().getTime() + rememberedMs);
        return storeSingly(entries);
      }
      // One bad entry may be why the whole batch was refused: alone, each gets its own answer.
      return resultOf(status) === "refused" ? storeSingly(entries) : ok(entries.map(() => "retry" as const));
    });
  }

  return {
    store: (entries) =>
      entries.length > 1 && clock.now() >= withoutBatchesUntil ? storeBatch(entries) : storeSingly(entries),
  };
}

function encodeEntry(entry: HistoryEntry) {
  return {
    message_id: entry.messageId,
    version: entry.version,
    tenant_id: entry.outlet.tenantId,
    outlet_id: entry.outlet.outletId,
    direction: "outbound",
    to: entry.to,
    message_type: entry.content.type,
    message: plainContent(entry.content),
    whatsapp_message_id: entry.whatsappMessageId,
    status: entry.status,
    sent_at: entry.sentAt?.toISOString(),
  };
}

const passing: ReadonlySet<number> = new Set([401, 403, 408, 425, 429]);

function resultOf(status: number): HistoryResult {
  if (status === 200 || status === 201 || status === 409) return "stored";
  return status >= 400 && status <= 499 && !passing.has(status) ? "refused" : "retry";
}

const answerSchema = z.object({ results: z.array(z.unknown()) });
const entryResultSchema = z.object({ message_id: z.string(), status: z.int() });

/** Matches by message id; of two entries of one message, the first gets the first result. */
function resultsOf(entries: readonly HistoryEntry[], body: unknown): readonly HistoryResult[] {
  const answer = answerSchema.safeParse(body);
  const statuses = new Map<string, number[]>();
  for (const result of answer.success ? answer.data.results : []) {
    const parsed = entryResultSchema.safeParse(result);
    if (!parsed.success) continue;
    const { message_id, status } = parsed.data;
    statuses.set(message_id, [...(statuses.get(message_id) ?? []), status]);
  }
  return entries.map(({ messageId }) => {
    const status = statuses.get(messageId)?.shift();
    return status === undefined ? "retry" : resultOf(status);
  });
}
