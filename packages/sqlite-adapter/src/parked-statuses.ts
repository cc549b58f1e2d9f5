import {
  decodeEachStored,
  decodeStatusUpdate,
  encodeStatusUpdate,
  type ParkedStatuses,
  type SteadyTime,
} from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";

export function createParkedStatuses({ call }: GroupCommit, time: SteadyTime): ParkedStatuses {
  return {
    park(updates) {
      const rows = updates.map((update) => [update.wamid, encodeStatusUpdate(update)] as const);
      return call("park", rows, time.now()).map((forgotten) => ({ forgotten }));
    },
    matched: (limit) =>
      call("matchedStatuses", limit).andThen((statuses) => decodeEachStored(statuses, decodeStatusUpdate)),
    drop: (updates) => call("dropStatuses", updates.map(encodeStatusUpdate)),
  };
}
