import type { Message, Unavailable } from "@message-sender/core";
import { decodeStored, decodeMessage, type SteadyTime } from "@message-sender/core/adapter";
import { ok, ResultAsync } from "neverthrow";

import { createBatcher } from "../database/batcher.ts";
import type { Database, Statement } from "../database/database.ts";
import { idAt } from "../partitions/dated-id.ts";
import { runBatchWithFallback } from "../database/run-batch-with-fallback.ts";

// One row per name, in the order of the names. Null if there is no such message.
const byIds = {
  name: "by ids",
  text: `SELECT (SELECT document FROM messages WHERE id = name) AS document
    FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, place) ORDER BY place`,
};
const byWamids = {
  name: "by wamids",
  text: `SELECT coalesce((
      SELECT m.document FROM messages m JOIN wamids w ON m.id = w.message_id
      WHERE w.wamid = name AND w.message_id >= $2 ORDER BY w.message_id LIMIT 1
    ), (
      SELECT m.document FROM messages m JOIN wamids w ON m.id = w.message_id
      WHERE w.wamid = name AND w.message_id < $2 ORDER BY w.message_id LIMIT 1
    )) AS document
    FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, place) ORDER BY place`,
};
/** Statuses are mostly about messages that are not older. Only if one is not among them, all partitions are looked through. */
const recentMs = 2 * 24 * 3_600_000;

export const createFindById = (database: Database): BatchedFind => createFind(database, byIds, () => []);
export const createFindByWamid = (database: Database, time: SteadyTime): BatchedFind =>
  createFind(database, byWamids, () => [idAt(time.toWall(time.now()).getTime() - recentMs)]);

export interface BatchedFind {
  find(name: string): ResultAsync<Message | undefined, Unavailable>;
  idle(): Promise<void>;
}

/** Lookups of the same name that wait for the same batch share one answer. */
function createFind(database: Database, statement: Statement, more: () => readonly string[]): BatchedFind {
  type Found = { readonly document: string | null };
  const finds = createBatcher({
    run(names: readonly string[]) {
      for (const name of names) waiting.delete(name);
      return runBatchWithFallback(
        names,
        async (several) => (await database.run<Found>(statement, [several, ...more()])).rows,
      );
    },
    keyOf: (name) => name,
  });
  const waiting = new Map<string, ReturnType<typeof finds.add>>();

  return {
    find(name) {
      const found = waiting.get(name) ?? finds.add(name);
      waiting.set(name, found);
      return new ResultAsync(found).andThen(({ document }) =>
        document === null ? ok(undefined) : decodeStored(document, decodeMessage),
      );
    },
    idle: finds.idle,
  };
}
