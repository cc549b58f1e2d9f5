import type { Retention } from "@message-sender/core";

import type { GroupCommit } from "./group-commit.ts";

export function createSqliteRetention({ call }: GroupCommit): Retention {
  return {
    forget: ({ keys, messages, parkedStatuses, webhooks }, limit) =>
      call("forget", [keys.getTime(), messages.getTime(), parkedStatuses.getTime(), webhooks.getTime()], limit),
  };
}
