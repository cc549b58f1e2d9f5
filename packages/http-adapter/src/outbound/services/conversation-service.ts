import type { Unavailable } from "@message-sender/core";
import {
  type Clock,
  type History,
  type HistoryEntry,
  type HistoryResult,
  inRealTime,
  type NotStored,
} from "@message-sender/core/adapter";
import { plainContent } from "@message-sender/core/content";
import { createSystemClock } from "@message-sender/core/node";
import { ok, Result, ResultAsync, safeTry } from "neverthrow";
import { z } from "zod";

import { runForMessages } from "../../trace-context.ts";
import { withoutContent } from "../../without-content.ts";
import { isSuccess } from "../http/exchange.ts";
import { nameService, path, type ServiceAnswer, type ServiceClient } from "./service-client.ts";

const named = nameService("Conversation Service");
const rememberedMs = 300_000;

/**
 * Posts history entries to the Conversation Service: one entry alone, several as a batch. A service without the batch endpoint
 * gets single posts; its absence is remembered for five minutes.
 *
 * @example
 * ```ts
 * const history = createConversationServiceHistory(createServiceClient({ url: "http://conversations.internal" }));
 * ```
 */
export function createConversationServiceHistory(
  client: ServiceClient,
  { clock = createSystemClock() }: { readonly clock?: Clock } = {},
): History {
  let withoutBatchesUntilMs = -Infinity;

  function storeOne(entry: HistoryEntry): ResultAsync<HistoryResult, Unavailable> {
    const { messageId, version, correction, conversationId, traceparent } = entry;
    return runForMessages([traceparent], () =>
      client.call({
        method: "POST",
        path: path`/api/v1/conversations/${conversationId}/messages`,
        route: "/api/v1/conversations/{conversation_id}/messages",
        body: encodeEntry(entry),
        idempotencyKey: correction ? `${messageId}:${version}` : messageId,
        statusSuffices: true,
      }),
    )
      .map(({ status, said }) => resultOf(status, withoutContent(said, entry)))
      .mapErr(named);
  }

  /** In parallel: the entries belong to different conversations. Unavailable only if none was answered. */
  function storeSingly(entries: readonly HistoryEntry[]): ResultAsync<readonly HistoryResult[], Unavailable> {
    return new ResultAsync(
      Promise.all(entries.map(storeOne)).then((results) =>
        results.length > 0 && results.every((result) => result.isErr())
          ? Result.combine(results)
          : ok(results.map((result) => result.unwrapOr("retry"))),
      ),
    );
  }

  function storeBatch(entries: readonly HistoryEntry[]): ResultAsync<readonly HistoryResult[], Unavailable> {
    return safeTry(async function* () {
      const messages = entries.map((entry) => encodeEntry(entry, entry.conversationId));
      const url = "/api/v1/conversations/messages/batch";
      const traceparents = entries.map(({ traceparent }) => traceparent);
      const answer = yield* await runForMessages(traceparents, () =>
        client.call({ method: "POST", path: url, route: url, body: { messages } }),
      ).mapErr(named);
      const { status } = answer;
      if (isSuccess(status)) return ok(resultsOf(entries, answer));
      if (status === 404 || status === 405 || status === 501) {
        withoutBatchesUntilMs = clock.monotonicMs() + rememberedMs;
        return storeSingly(entries);
      }
      // A single entry may have caused the answer to the batch. Posted alone, each gets its own answer.
      if (isPermanent(status) || status === 409) return storeSingly(entries);
      const retry = notStored("retry", status, entries.reduce<string | undefined>(withoutContent, answer.said));
      return ok(entries.map(() => retry));
    });
  }

  return inRealTime<History>({
    store: (entries) =>
      entries.length > 1 && clock.monotonicMs() >= withoutBatchesUntilMs ? storeBatch(entries) : storeSingly(entries),
  });
}

/** The path of a single entry has its conversation. */
function encodeEntry(entry: HistoryEntry, conversationId?: string) {
  return {
    conversation_id: conversationId,
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

const temporary: ReadonlySet<number> = new Set([401, 403, 408, 409, 425, 429]);

function isPermanent(status: number): boolean {
  return status >= 400 && status <= 499 && !temporary.has(status);
}

/** Any 2xx counts as success, whatever the body. 409 means that the entry is already stored. */
function resultOf(status: number, said?: string): HistoryResult {
  if (isSuccess(status) || status === 409) return "stored";
  return notStored(isPermanent(status) ? "refused" : "retry", status, said);
}

function notStored(kind: NotStored["kind"], httpStatus: number, said?: string): NotStored {
  const reason = `Conversation Service: answered HTTP ${httpStatus}${said ? `: ${said}` : ""}`;
  return { kind, reason, httpStatus };
}

const answerSchema = z.object({ results: z.array(z.unknown()) });

/** Checked without a schema, which would take longer: each history entry has one. */
interface EntryResult {
  readonly message_id: string;
  readonly status: number;
}

function isEntryResult(given: unknown): given is EntryResult {
  if (typeof given !== "object" || given === null) return false;
  const { message_id, status } = given as Readonly<Partial<Record<keyof EntryResult, unknown>>>;
  return typeof message_id === "string" && Number.isSafeInteger(status);
}

/**
 * The result of each entry. A success without a body applies to every entry, and so does a body without results if the status is
 * neither 200 nor 207. Matches by message id; if a message has two entries, the first gets the first result.
 */
function resultsOf(
  entries: readonly HistoryEntry[],
  { status, body, isEmpty }: ServiceAnswer,
): readonly HistoryResult[] {
  const answer = answerSchema.safeParse(body);
  const hasResults = answer.success || status === 200 || status === 207;
  if (isEmpty || !hasResults) return entries.map(() => "stored" as const);
  const statuses = new Map<string, number[]>();
  for (const result of answer.success ? answer.data.results : []) {
    if (!isEntryResult(result)) continue;
    const known = statuses.get(result.message_id);
    if (known) known.push(result.status);
    else statuses.set(result.message_id, [result.status]);
  }
  return entries.map(({ messageId }) => {
    const each = statuses.get(messageId)?.shift();
    return each === undefined ? withoutResult(status) : resultOf(each);
  });
}

function withoutResult(httpStatus: number): NotStored {
  const reason = `Conversation Service: answered HTTP ${httpStatus} without a result for the entry`;
  return { kind: "retry", reason, httpStatus };
}
