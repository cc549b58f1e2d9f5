import type { Message, Unavailable } from "@message-sender/core";
import { decodeStored, decodeMessage, type SteadyTime } from "@message-sender/core/adapter";
import { ok, ResultAsync } from "neverthrow";

import { createBatcher } from "../database/batcher.ts";
import type { Database, Statement } from "../database/database.ts";
import { idAt } from "../partitions/dated-id.ts";
import { runBatchWithFallback } from "../database/run-batch-with-fallback.ts";

// Only the partitions between two ids are looked at: that is decided when a plan starts, so one plan serves all times.
const byIds: Statement = {
  name: "by ids",
  isPlannedOnce: true,
  text: "SELECT id AS name, document FROM messages WHERE id = ANY ($1) AND id >= $2 AND id <= $3",
};
const byWamids: Statement = {
  name: "by wamids",
  isPlannedOnce: true,
  text: `WITH named AS MATERIALIZED (
      SELECT w.wamid, w.message_id FROM wamids w WHERE w.wamid = ANY ($1) AND w.message_id >= $2 AND w.message_id <= $3
    )
    SELECT named.wamid AS name, m.document FROM named JOIN messages m ON m.id = named.message_id
    WHERE m.id = ANY (ARRAY (SELECT message_id FROM named)) AND m.id >= $2 AND m.id <= $3`,
};
/** Statuses are mostly about messages that are not older. Only if one is not among them, all partitions are looked through. */
const recentMs = 24 * 3_600_000;
/** A message of another process, whose clock may differ. */
const aheadMs = 60_000;

/** Sorts after all ids. */
const lastId = "\u{10ffff}";

interface Found {
  readonly name: string;
  readonly document: string;
}
type Documents = ReadonlyMap<string, string>;
const documentsOf = (rows: readonly Found[]): Documents => new Map(rows.map(({ name, document }) => [name, document]));

export function createFindById(database: Database): BatchedFind {
  return createFind(async (ids) => {
    const sorted = ids.toSorted();
    const { rows } = await database.run<Found>(byIds, [ids, sorted[0], sorted.at(-1)]);
    return documentsOf(rows);
  });
}

export function createFindByWamid(database: Database, time: SteadyTime): BatchedFind {
  async function among(wamids: readonly string[], first: string, last: string): Promise<Documents> {
    return documentsOf((await database.run<Found>(byWamids, [wamids, first, last])).rows);
  }

  return createFind(async (wamids) => {
    const now = time.toWall(time.now()).getTime();
    const recent = await among(wamids, idAt(now - recentMs), idAt(now + aheadMs));
    const left = wamids.filter((wamid) => !recent.has(wamid));
    return left.length === 0 ? recent : new Map([...recent, ...(await among(left, "", lastId))]);
  });
}

export interface BatchedFind {
  find(name: string): ResultAsync<Message | undefined, Unavailable>;
  idle(): Promise<void>;
}

/** Lookups of the same name that wait for the same batch share one answer. */
function createFind(findAll: (names: readonly string[]) => Promise<Documents>): BatchedFind {
  const finds = createBatcher({
    run(names: readonly string[]) {
      for (const name of names) waiting.delete(name);
      return runBatchWithFallback(names, async (several) => {
        const documents = await findAll(several);
        return several.map((name) => documents.get(name));
      });
    },
    keyOf: (name) => name,
  });
  const waiting = new Map<string, ReturnType<typeof finds.add>>();

  return {
    find(name) {
      const found = waiting.get(name) ?? finds.add(name);
      waiting.set(name, found);
      return new ResultAsync(found).andThen((document) =>
        document === undefined ? ok(undefined) : decodeStored(document, decodeMessage),
      );
    },
    idle: finds.idle,
  };
}
