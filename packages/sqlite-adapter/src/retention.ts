import type { Retention } from "@message-sender/core";

import type { GroupCommit } from "./group-commit.ts";

export function createSqliteRetention({ call }: GroupCommit): Retention {
  return {
    forget: ({ keys, messages, parkedStatuses, webhooks, recipients }, limit) =>
      call("forget", [+keys, +messages, +parkedStatuses, +webhooks, +recipients], limit),
  };
}
