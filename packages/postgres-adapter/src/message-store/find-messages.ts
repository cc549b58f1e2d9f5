import type { Message, Unavailable } from "@message-sender/core";
import { decodeStored, decodeMessage } from "@message-sender/core/adapter";
import { ok, ResultAsync } from "neverthrow";

import { createBatcher } from "../database/batcher.ts";
import type { Database, Statement } from "../database/database.ts";
import { runBatchWithFallback } from "../database/run-batch-with-fallback.ts";

// One row per name, in the order of the names. Null if there is no such message.
const byIds = {
  name: "by ids",
  text: `SELECT (SELECT document FROM messages WHERE id = name) AS document
    FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, place) ORDER BY place`,
};
const byWamids = {
  name: "by wamids",
  text: `SELECT (
      SELECT m.document FROM wamids w JOIN messages m ON m.id = w.message_id WHERE w.wamid = name
    ) AS document
    FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, place) ORDER BY place`,
};

export const createFindById = (database: Database): BatchedFind => createFind(database, byIds);
export const createFindByWamid = (database: Database): BatchedFind => createFind(database, byWamids);

export interface BatchedFind {
  find(name: string): ResultAsync<Message | undefined, Unavailable>;
  idle(): Promise<void>;
}

/** Lookups of the same name that wait for the same batch share one answer. */
function createFind(database: Database, statement: Statement): BatchedFind {
  type Found = { readonly document: string | null };
  const finds = createBatcher({
    run(names: readonly string[]) {
      for (const name of names) waiting.delete(name);
      return runBatchWithFallback(names, async (several) => (await database.run<Found>(statement, [several])).rows);
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
