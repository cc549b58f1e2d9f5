import type { MessageId } from "@message-sender/core";
import { type EnteredClaimed, enteredClaimed, type NewOutboxEntry, outboxRowOf } from "@message-sender/core/adapter";

import { type TextArray, textArray } from "../database/text-array.ts";

/** The outbox entries of a batch. */
export interface Entering {
  /** As `add_entries` takes them: the columns of each, and what each says. */
  readonly values: readonly [columns: string, entries: TextArray];
  /** Those that entered claimed, by message. */
  claimedOf(claimed: readonly string[] | null | undefined, enteredAt: Date): ReadonlyMap<MessageId, EnteredClaimed[]>;
}

export function enteringOf(added: readonly NewOutboxEntry[], now: number): Entering {
  if (added.length === 0) return nothing;
  const rows = added.map((entry) => ({ ...outboxRowOf(entry), added: entry }));
  const columns = rows.map(({ id, topic, tenantId, queue, added: { entry, leaseMs } }) => ({
    id,
    message_id: entry.messageId,
    topic,
    tenant_id: tenantId,
    queue,
    ...(leaseMs !== undefined && { leased_until: new Date(now + leaseMs) }),
  }));
  return {
    values: [JSON.stringify(columns), textArray(rows.map(({ entry }) => entry))],
    claimedOf(claimed, enteredAt) {
      const ids = new Set(claimed);
      const entered = rows.filter(({ id }) => ids.has(id));
      return Map.groupBy(
        entered.map((row) => enteredClaimed(row.added, row.id, enteredAt)),
        ({ entry }) => entry.messageId,
      );
    },
  };
}

const nothing: Entering = { values: ["[]", textArray([])], claimedOf: () => new Map() };
