import type { Unavailable } from "@message-sender/core";
import { decodeEachStored, decodeMessage, type MessageStore, type SteadyTime } from "@message-sender/core/adapter";
import { err, ok, ResultAsync } from "neverthrow";

import { type BatchEnd, createBatcher } from "./database/batcher.ts";
import type { Database, Statement } from "./database/database.ts";
import { blockTakenOver } from "./database/failure.ts";
import type { Value } from "./database/packet.ts";
import { rowsOf } from "./database/rows-of.ts";
import { runBatchWithFallback } from "./database/run-batch-with-fallback.ts";
import { runAccepts } from "./message-store/accept-messages.ts";
import { runCommits } from "./message-store/commit-messages.ts";
import { createMessageList } from "./message-store/list-messages.ts";
import { createMessageCount } from "./message-store/count-messages.ts";
import type { Partitions } from "./partitions/partitions.ts";
import { createFindById, createFindByWamid } from "./message-store/find-messages.ts";
import { type Arriving, type Changing, placeOf } from "./message-store/message-row.ts";

const byKey = {
  name: "by key",
  text: `SELECT m.document FROM idempotency_keys k JOIN messages m ON m.id = k.message_id
    WHERE k.tenant_id = $1 AND k.key = $2`,
};
const overdue = {
  name: "overdue",
  text: `SELECT messages.document FROM messages_in_work work JOIN messages ON messages.id = work.message_id
    WHERE work.owner IN (
      SELECT owner FROM (SELECT DISTINCT owner FROM messages_in_work) owners WHERE owner <> $1 AND is_dead(owner)
    ) LIMIT $2`,
};

/** A transaction costs the server as much as several sends, so a busy process waits a little for more to go with it. */
const spacingMs = 3;

export interface PostgresMessageStore extends MessageStore {
  /** Resolves when nothing is in flight. */
  idle(): Promise<void>;
  oldestWaitMs(): number;
}

/** Accepts, commits, and finds by id or wamid run in batches, one transaction per batch. */
export function createMessageStore(
  database: Database,
  owner: string,
  time: SteadyTime,
  partitions: Partitions,
  onBatch?: (end: BatchEnd) => void,
): PostgresMessageStore {
  const accepts = createBatcher({
    async run(arriving: readonly Arriving[]) {
      await partitions.ready(arriving.map(({ message }) => message.id));
      return runBatchWithFallback(arriving, (several) => runAccepts(database, owner, time, several));
    },
    keyOf: ({ message }) => message.id,
    onBatch,
    spacingMs,
  });
  const commits = createBatcher({
    run: (changes: readonly Changing[]) =>
      runBatchWithFallback(changes, (several) => runCommits(database, owner, time, several)),
    keyOf: ({ next }) => next.id,
    onBatch,
    spacingMs,
  });

  const byId = createFindById(database);
  const byWamid = createFindByWamid(database, time);

  function read(statement: Statement, values: readonly Value[]) {
    return rowsOf<{ document: string }>(database, statement, values).andThen((rows) =>
      decodeEachStored(rows, ({ document }) => decodeMessage(document)),
    );
  }

  return {
    accept: (message, outbox = []) =>
      new ResultAsync(accepts.add({ message, outbox, place: placeOf(message, time) })).andThen((answer) => {
        if (answer.kind === "BlockLost") return err(blockLost);
        return answer.kind === "Known" ? answer.message.map((known) => ({ ...answer, message: known })) : ok(answer);
      }),
    commit: (change) =>
      new ResultAsync(commits.add({ ...change, place: placeOf(change.next, time) })).andThen((commit) =>
        commit ? commit : err({ kind: "MessageUnknown" as const }),
      ),
    find(by) {
      if ("id" in by) return byId.find(by.id);
      if ("wamid" in by) return byWamid.find(by.wamid);
      return read(byKey, [by.tenantId, by.key]).map(([message]) => message);
    },
    count: createMessageCount(database),
    list: createMessageList(database),
    overdue: (limit) => read(overdue, [owner, limit]),
    oldestWaitMs: () => Math.max(accepts.oldestWaitMs(), commits.oldestWaitMs()),
    async idle() {
      await Promise.all([accepts, commits, byId, byWamid, partitions].map(({ idle }) => idle()));
    },
  };
}

const blockLost: Unavailable = { kind: "Unavailable", reason: blockTakenOver };
