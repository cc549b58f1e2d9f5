import { type Clock, decodeStatusUpdate, encodeStatusUpdate, type ParkedStatuses } from "@message-sender/core";

import type { GroupCommit } from "./group-commit.ts";

export function createSqliteParkedStatuses({ call }: GroupCommit, clock: Clock): ParkedStatuses {
  return {
    park(updates) {
      const rows = updates.map((update) => [update.wamid, encodeStatusUpdate(update)] as const);
      return call("park", rows, clock.now().getTime()).map((forgotten) => ({ forgotten }));
    },
    matched: (limit) => call("matchedStatuses", limit).map((statuses) => statuses.map(decodeStatusUpdate)),
    drop: (updates) => call("dropStatuses", updates.map(encodeStatusUpdate)),
  };
}
