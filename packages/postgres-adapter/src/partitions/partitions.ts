import type { SteadyTime } from "@message-sender/core/adapter";

import type { Database } from "../database/database.ts";
import { idAt, timeOfId } from "./dated-id.ts";
import { createDefaultPartition } from "./default-partition.ts";

/** The partitions of messages, by the times of their ids. */
export interface Partitions {
  /**
   * Resolves once messages of these ids may be accepted. Each goes to the partition of its time, which is made if it is missing; one that cannot
   * be made now goes to the default partition. Those of the next days are made ahead, and nobody waits for them.
   */
  ready(ids: readonly string[]): Promise<void>;
  /** Resolves when nothing is in flight. */
  idle(): Promise<void>;
}

interface PartitionRow {
  readonly first_id: string;
  readonly end_id: string;
}

export interface PartitionsOptions {
  /** How many days are in one partition. */
  readonly days: number;
  readonly monotonicMs?: () => number;
}

const makePartitions = {
  name: "make partitions",
  text: "SELECT first_id, end_id FROM make_partitions($1, $2)",
};
const dayMs = 24 * 3_600_000;
/** How many partitions are ready before their time. */
const ahead = 1;
/** No partition is made for an id from longer ago, or further ahead. */
const mostDays = 400;
const afterFailureMs = 60_000;

/** A message of a partition that is known costs two comparisons. */
export function createPartitions(
  database: Database,
  time: SteadyTime,
  { days, monotonicMs = () => performance.now() }: PartitionsOptions,
): Partitions {
  let known: readonly PartitionRow[] = [];
  /** Ids from here on are so near to the end of the last partition that more are made. */
  let moreFrom = "";
  let notBefore = -Infinity;
  let making: Promise<void> | undefined;

  const defaultPartition = createDefaultPartition(database, days, () => (notBefore = -Infinity));

  const isKnown = (id: string): boolean => known.some((one) => id >= one.first_id && id < one.end_id);

  /** The times of partitions to make for these ids. */
  function missing(ids: readonly string[]): readonly number[] {
    const now = time.toWall(time.now()).getTime();
    const times = ids.map(timeOfId).filter((at) => at !== undefined && Math.abs(at - now) < mostDays * dayMs);
    return [...new Set(times.map((at = 0) => Math.floor(at / dayMs) * dayMs))];
  }

  async function make(times: readonly number[]): Promise<void> {
    try {
      const dates = times.map((at) => new Date(at));
      const { rows } = await database.run<PartitionRow>(makePartitions, [dates, days]);
      known = rows.toReversed();
      if (times.every((at) => isKnown(idAt(at)))) return;
      // None is made where the default partition is too large.
      notBefore = monotonicMs() + afterFailureMs;
      await defaultPartition.begin(time.toWall(time.now()));
    } catch {
      notBefore = monotonicMs() + afterFailureMs;
    }
  }

  function makeOnce(times: readonly number[]): Promise<void> {
    making ??= make(times).then(() => void (making = undefined));
    return making;
  }

  /** An id from long ago makes no partitions behind its own. */
  function makeAhead(at: number): void {
    const from = Math.max(at, Math.floor(time.toWall(time.now()).getTime() / dayMs) * dayMs);
    const times = Array.from({ length: ahead + 1 }, (_, index) => from + index * days * dayMs);
    moreFrom = idAt(from + days * dayMs);
    makeOnce(times).catch(() => {});
  }

  return {
    async ready(ids) {
      const [unknown, latest] = lookedAt(ids);
      if (unknown.length === 0 && latest < moreFrom) return;
      let times = missing(unknown);
      while (times.length > 0 && monotonicMs() >= notBefore) {
        await makeOnce(times);
        // Those that were being made may have been others.
        times = missing(lookedAt(ids)[0]);
      }
      const at = missing([latest])[0];
      if (at !== undefined && latest >= moreFrom && monotonicMs() >= notBefore) makeAhead(at);
    },
    async idle() {
      await making;
    },
  };

  function lookedAt(ids: readonly string[]): readonly [unknown: readonly string[], latest: string] {
    let latest = "";
    const unknown: string[] = [];
    for (const id of ids) {
      if (id > latest) latest = id;
      if (!isKnown(id)) unknown.push(id);
    }
    return [unknown, latest];
  }
}
