import {
  type ClaimOptions,
  decodeEachStored,
  decodeOutboxEntry,
  type Outbox,
  type SteadyTime,
  type Topic,
} from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";

export function createOutbox({ call }: GroupCommit, time: SteadyTime): Outbox {
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
    settle(ids, as) {
      if (typeof as === "object") return call("retry", ids, time.of(as.retryAt), as.untried === true);
      return call(as === "delivered" ? "deliver" : "bury", ids, time.now());
    },
    revive: (topic) => call("revive", topic, time.now()),
    discard: (topic) => call("discard", topic),
  };
}
