import { decodeEachStored, decodeMessage, type Retention, type SteadyTime } from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";

export function createRetention({ call }: GroupCommit, time: SteadyTime): Retention {
  return {
    forget({ keys, messages, parkedStatuses, webhooks, recipients, outboxEntries }, limit) {
      const [parked, entered] = [time.of(parkedStatuses), time.of(outboxEntries)];
      return call("forget", [+keys, +messages, parked, +webhooks, +recipients, entered], limit, time.now());
    },
    // A damaged message has no recipient that could be read.
    kept: (before, limit) =>
      call("keptMessages", +before, limit).andThen((documents) => decodeEachStored(documents, decodeMessage)),
  };
}
