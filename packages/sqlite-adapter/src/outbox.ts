import {
  type ClaimOptions,
  decodeEachStored,
  decodeOutboxEntry,
  partsOfOutboxId,
  inOrderOfVersions,
  lateDeliveryMs,
  type Outbox,
  outboxPrefixOf,
  type SteadyTime,
  type Topic,
  type UndeliveredEntry,
} from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";
import type { UndeliveredRow } from "./procedures/undelivered.ts";

export function createOutbox({ call }: GroupCommit, time: SteadyTime): Outbox {
  function undelivered([id, enqueuedAt, state, dueAt, isLeased, claims, why]: UndeliveredRow): UndeliveredEntry {
    const waitsUntil = dueAt !== null && dueAt > time.now() ? time.toWall(dueAt) : undefined;
    return {
      ...partsOfOutboxId(id),
      enqueuedAt: time.toWall(enqueuedAt),
      state: isLeased === 1 && waitsUntil ? "leased" : state,
      claims,
      ...(waitsUntil && { dueAt: waitsUntil }),
      ...(why !== null && { why }),
    };
  }

  return {
    claim<T extends Topic>(topic: T, { limit, leaseMs }: ClaimOptions) {
      const now = time.now();
      return call("claim", topic, now, now + leaseMs, limit).andThen((rows) =>
        decodeEachStored(rows, ([id, entry, enqueuedAt, earlierClaims]) => ({
          id,
          entry: decodeOutboxEntry(topic, entry),
          enqueuedAt: time.toWall(enqueuedAt),
          earlierClaims,
        })),
      );
    },
    settle(ids, as, why) {
      if (typeof as === "object") return call("retry", ids, time.of(as.retryAt), as.untried === true, why ?? null);
      if (as === "dead") return call("bury", ids, time.now(), why ?? null);
      return call("deliver", ids, time.now(), as === "unwanted" ? null : lateDeliveryMs);
    },
    revive: (topic, messageId) =>
      call("revive", topic, time.now(), messageId === undefined ? null : outboxPrefixOf(topic, messageId)),
    hasten: (messageId) => call("hasten", outboxPrefixOf("history", messageId), time.now()),
    undelivered: (messageId) =>
      call("undelivered", [outboxPrefixOf("history", messageId), outboxPrefixOf("status", messageId)]).map((rows) =>
        inOrderOfVersions(rows.map(undelivered)),
      ),
    delivered: (messageId) =>
      call("delivered", [outboxPrefixOf("history", messageId), outboxPrefixOf("status", messageId)]).map((rows) =>
        inOrderOfVersions(
          rows.map(([id, enqueuedAt, deliveredAt, claims, why]) => ({
            ...partsOfOutboxId(id),
            enqueuedAt: time.toWall(enqueuedAt),
            deliveredAt: time.toWall(deliveredAt),
            claims,
            ...(why !== null && { why }),
          })),
        ),
      ),
    listDead: (topic, { tenantId = null, limit }) =>
      call("listDead", topic, tenantId, limit).map((rows) => rows.map(undelivered)),
    discard: (topic) => call("discard", topic),
  };
}
