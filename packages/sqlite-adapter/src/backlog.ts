import { type Backlog, type BacklogMeasure, type SteadyTime, topics } from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";

export function createBacklog({ call }: GroupCommit, time: SteadyTime): Backlog {
  return {
    measure(limit) {
      const now = time.now();
      return call("measureBacklog", now, limit, topics).map(
        ({
          queued: [queued],
          due,
          waiting,
          dead,
          parkedStatuses: [parkedStatuses],
          quotaBlocks: [openQuotaBlocks],
        }) => {
          const waitingOf = ([count, since]: readonly [count: number, since: number | null] = [0, null]) => ({
            count,
            oldestMs: Math.max(0, now - (since ?? now)),
          });
          const outbox = topics.map((topic, index) => [
            topic,
            { waiting: waitingOf(waiting[index]), dead: dead[index]?.[0] ?? 0 },
          ]);
          return {
            queued,
            due: waitingOf(due),
            outbox: Object.fromEntries(outbox) as BacklogMeasure["outbox"],
            parkedStatuses,
            openQuotaBlocks,
          };
        },
      );
    },
  };
}
