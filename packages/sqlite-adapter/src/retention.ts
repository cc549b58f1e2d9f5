import type { Retention, SteadyTime } from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";

export function createRetention({ call }: GroupCommit, time: SteadyTime): Retention {
  return {
    forget: ({ keys, messages, parkedStatuses, webhooks, recipients, deadEntries }, limit) =>
      call("forget", [+keys, +messages, time.of(parkedStatuses), +webhooks, +recipients, time.of(deadEntries)], limit),
  };
}
