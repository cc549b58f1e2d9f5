import { type Clock, decodeHistoryEntry, type Outbox } from "@message-sender/core";

import type { GroupCommit } from "./group-commit.ts";

export function createSqliteOutbox({ call }: GroupCommit, clock: Clock): Outbox {
  return {
    claim({ limit, leaseMs }) {
      const now = clock.now().getTime();
      return call("claim", now, now + leaseMs, limit).map((rows) =>
        rows.map(([id, entry, enqueuedAt, earlierClaims]) => ({
          id,
          entry: decodeHistoryEntry(entry),
          enqueuedAt: new Date(enqueuedAt),
          earlierClaims,
        })),
      );
    },
    settle(ids, as) {
      if (typeof as === "object") return call("retry", ids, as.retryAt.getTime());
      return call(as === "delivered" ? "deliver" : "bury", ids, clock.now().getTime());
    },
  };
}
