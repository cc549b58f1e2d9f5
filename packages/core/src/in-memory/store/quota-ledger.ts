import { okAsync } from "neverthrow";

import type { Message } from "../../domain/message.ts";
import { isFinished, holdsQuotaUnit } from "../../domain/status.ts";
import type { QuotaBlock, QuotaRequest } from "../../ports/quota.ts";
import type { QuotaLedger } from "../../ports/store/quota-ledger.ts";
import type { Documents } from "./documents.ts";

/** A ledger over the messages of its store. */
export interface InMemoryQuotaLedger extends QuotaLedger {
  /** Whether the message holds a unit of a block that is open. */
  counts(message: Message): boolean;
  /** Counts the unit of a finished message in its open block, also after the message is gone. */
  keepUnit(message: Message): void;
  /** Opens the block of the message's unit again. */
  recount(message: Message): void;
  /** The open blocks. */
  readonly blocks: { readonly size: number };
}

/** `documents`: the messages that hold units. */
export function createInMemoryQuotaLedger(documents: Pick<Documents, "all">): InMemoryQuotaLedger {
  const blocks = new Map<string, QuotaBlock>();
  const requests = new Map<string, QuotaRequest>();
  const recounted = new Set<string>();
  const unitsOfForgotten = new Map<string, number>();
  const counts = (message: Message) => blocks.has(message.quotaBlockId) && holdsQuotaUnit(message);

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
      const rows = new Map(
        [...blocks.values()].map((block) => [
          block.id,
          { block, used: unitsOfForgotten.get(block.id) ?? 0, unfinished: 0 },
        ]),
      );
      for (const { message } of rows.size > 0 ? documents.all() : []) {
        const row = rows.get(message.quotaBlockId);
        if (!row || !holdsQuotaUnit(message)) continue;
        row.used += 1;
        if (!isFinished(message)) row.unfinished += 1;
      }
      const listed = [...rows.values()].map((row) => ({ ...row, ...(recounted.has(row.block.id) && isRecounted) }));
      recounted.clear();
      return okAsync(listed);
    },
    recount({ quotaBlockId: id, request, acceptedAt }) {
      const { tenantId } = request.outlet;
      if (!blocks.has(id)) blocks.set(id, { id, tenantId, granted: 0, expiresAt: acceptedAt });
      recounted.add(id);
    },
    blocks,
    counts,
    keepUnit(message) {
      const { quotaBlockId: id } = message;
      if (counts(message)) unitsOfForgotten.set(id, (unitsOfForgotten.get(id) ?? 0) + 1);
    },
    close(block) {
      if (recounted.has(block.id)) return okAsync(undefined);
      blocks.delete(block.id);
      unitsOfForgotten.delete(block.id);
      return okAsync(undefined);
    },
  };
}

const isRecounted = { isRecounted: true } as const;
