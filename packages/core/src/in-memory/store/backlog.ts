import { okAsync } from "neverthrow";

import { topics } from "../../codecs/outbox-entry.ts";
import type { Backlog, BacklogMeasure } from "../../ports/store/backlog.ts";
import type { Topic } from "../../ports/store/outbox.ts";
import type { SteadyTime } from "../../time/steady-time.ts";

interface Counted {
  readonly size: number;
}

/** Counts what the parts of a store hold. */
export function createInMemoryBacklog(parts: {
  readonly time: SteadyTime;
  /** When each message that waits in the queue is due. */
  readonly dueTimes: () => ReadonlyMap<unknown, number>;
  readonly outbox: { waiting(topic: Topic): { readonly count: number; readonly since: number; readonly dead: number } };
  readonly parkedStatuses: Counted;
  readonly quotaBlocks: Counted;
}): Backlog {
  const { time, dueTimes, outbox, parkedStatuses, quotaBlocks } = parts;
  return {
    measure(limit) {
      const now = time.now();
      const atMost = (count: number): number => Math.min(count, limit);
      const waitingSince = (count: number, since: number) => ({
        count: atMost(count),
        oldestMs: count > 0 ? Math.max(0, now - since) : 0,
      });
      const queue = dueTimes();
      const due = [...queue.values()].filter((at) => at <= now);
      const ofTopic = (topic: Topic) => {
        const { count, since, dead } = outbox.waiting(topic);
        return [topic, { waiting: waitingSince(count, since), dead: atMost(dead) }] as const;
      };
      return okAsync({
        queued: atMost(queue.size),
        due: waitingSince(
          due.length,
          due.reduce((first, at) => Math.min(first, at), now),
        ),
        outbox: Object.fromEntries(topics.map(ofTopic)) as BacklogMeasure["outbox"],
        parkedStatuses: atMost(parkedStatuses.size),
        openQuotaBlocks: atMost(quotaBlocks.size),
      });
    },
  };
}
