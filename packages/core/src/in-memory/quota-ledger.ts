import { okAsync } from "neverthrow";

import type { MessageId } from "../domain/identifiers.ts";
import type { Message } from "../domain/message.ts";
import { isFinished, keepsUnit } from "../domain/status.ts";
import type { QuotaBlock, QuotaRequest } from "../ports/quota.ts";
import type { QuotaLedger } from "../ports/quota-ledger.ts";

export interface InMemoryQuotaLedger extends QuotaLedger {
  /** Whether the message holds a unit of a block that is open. */
  counts(message: Message): boolean;
}

/** `documents` are the messages that hold the units. */
export function createInMemoryQuotaLedger(documents: ReadonlyMap<MessageId, Message>): InMemoryQuotaLedger {
  const blocks = new Map<string, QuotaBlock>();
  const requests = new Map<string, QuotaRequest>();

  return {
    request(request) {
      requests.set(request.id, request);
      return okAsync(undefined);
    },
    requested: () => okAsync([...requests.values()]),
    withdraw(requestId) {
      requests.delete(requestId);
      return okAsync(undefined);
    },
    open(block, requestId) {
      requests.delete(requestId);
      if (!blocks.has(block.id)) blocks.set(block.id, block);
      return okAsync(undefined);
    },
    unsettled() {
      const holders = new Map<string, Message[]>();
      for (const message of documents.values()) {
        if (!keepsUnit(message)) continue;
        holders.set(message.quotaBlockId, [...(holders.get(message.quotaBlockId) ?? []), message]);
      }
      return okAsync(
        [...blocks.values()].map((block) => {
          const holding = holders.get(block.id) ?? [];
          const unfinished = holding.filter((message) => !isFinished(message)).length;
          return { block, used: holding.length, unfinished };
        }),
      );
    },
    counts: (message) => blocks.has(message.quotaBlockId) && keepsUnit(message),
    close(block) {
      blocks.delete(block.id);
      return okAsync(undefined);
    },
  };
}
