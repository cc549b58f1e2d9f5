import {
  type Clock,
  decodeMessage,
  type Message,
  type MessageChange,
  type MessageLookup,
  type MessageStore,
} from "@message-sender/core";
import { errAsync, okAsync, ResultAsync } from "neverthrow";

import { runAccepts } from "./accept-messages.ts";
import { createBatcher } from "./batcher.ts";
import { runCommits } from "./commit-messages.ts";
import type { Database, Statement } from "./database.ts";
import { elseEachAlone } from "./each-alone.ts";
import { toUnavailable } from "./failure.ts";

const byId = { name: "by id", text: "SELECT document FROM messages WHERE id = $1" };
const byWamid = {
  name: "by wamid",
  text: "SELECT m.document FROM wamids w JOIN messages m ON m.id = w.message_id WHERE w.wamid = $1",
};
const byKey = {
  name: "by key",
  text: "SELECT document FROM messages WHERE tenant_id = $1 AND idempotency_key = $2",
};
const overdue = {
  name: "overdue",
  text: `SELECT document FROM messages
    WHERE NOT finished AND owner <> $1 AND owner IN (
      SELECT owner FROM (SELECT DISTINCT owner FROM messages WHERE NOT finished) owners WHERE NOT is_alive(owner)
    ) LIMIT $2`,
};

export interface PostgresMessageStore extends MessageStore {
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/** Accepts and commits go in batches, one transaction each. */
export function createMessageStore(database: Database, owner: string, clock: Clock): PostgresMessageStore {
  const accepts = createBatcher({
    run: (arriving: readonly Message[]) => elseEachAlone(arriving, (messages) => runAccepts(database, owner, messages)),
    nameOf: ({ id }) => id,
  });
  const commits = createBatcher({
    run: (changes: readonly MessageChange[]) =>
      elseEachAlone(changes, (several) => runCommits(database, owner, clock, several)),
    nameOf: ({ next }) => next.id,
  });

  function read(statement: Statement, values: readonly unknown[]) {
    return ResultAsync.fromPromise(database.run<{ document: string }>(statement, values), toUnavailable).map(
      ({ rows }) => rows.map(({ document }) => decodeMessage(document)),
    );
  }

  return {
    accept: (message) => new ResultAsync(accepts.add(message)),
    commit: (change) =>
      new ResultAsync(commits.add(change)).andThen((commit) =>
        commit ? okAsync(commit) : errAsync({ kind: "MessageUnknown" as const }),
      ),
    find: (by) => read(...lookup(by)).map(([message]) => message),
    overdue: (limit) => read(overdue, [owner, limit]),
    async idle() {
      await Promise.all([accepts.idle(), commits.idle()]);
    },
  };
}

function lookup(by: MessageLookup): [Statement, readonly string[]] {
  if ("id" in by) return [byId, [by.id]];
  if ("wamid" in by) return [byWamid, [by.wamid]];
  return [byKey, [by.tenantId, by.key]];
}
