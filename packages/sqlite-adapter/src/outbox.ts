import { type Clock, type ClaimOptions, decodeOutboxEntry, type Outbox, type Topic } from "@message-sender/core";

import type { GroupCommit } from "./group-commit.ts";

export function createSqliteOutbox({ call }: GroupCommit, clock: Clock): Outbox {
  return {
    claim<T extends Topic>(topic: T, { limit, leaseMs }: ClaimOptions) {
      const now = clock.now().getTime();
      return call("claim", topic, now, now + leaseMs, limit).map((rows) =>
        rows.map(([id, entry, enqueuedAt, earlierClaims]) => ({
          id,
          entry: decodeOutboxEntry(topic, entry),
          enqueuedAt: new Date(enqueuedAt),
          earlierClaims,
        })),
      );
    },
    settle(ids, as) {
      if (typeof as === "object") return call("retry", ids, as.retryAt.getTime());
      return call(as === "delivered" ? "deliver" : "bury", ids, clock.now().getTime());
    },
    revive: (topic) => call("revive", topic, clock.now().getTime()),
  };
}
