import type { Retention, SteadyTime } from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";

export function createRetention({ call }: GroupCommit, time: SteadyTime): Retention {
  return {
    forget: ({ keys, messages, parkedStatuses, webhooks, recipients, deadEvents }, limit) =>
      call("forget", [+keys, +messages, time.of(parkedStatuses), +webhooks, +recipients, time.of(deadEvents)], limit),
  };
}
