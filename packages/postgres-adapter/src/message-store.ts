import {
  decoded,
  decodedEach,
  decodeMessage,
  type Message,
  type MessageStore,
  type R,
  type SteadyTime,
  type Unavailable,
} from "@message-sender/core";
import { err, ok, ResultAsync } from "neverthrow";

import { runAccepts } from "./message-store/accept-messages.ts";
import { createBatcher } from "./database/batcher.ts";
import { runCommits } from "./message-store/commit-messages.ts";
import type { Database, Statement } from "./database/database.ts";
import { elseEachAlone } from "./database/run-batch-with-fallback.ts";
import { type Arriving, type Changing, dueAtOf } from "./message-store/message-row.ts";
import { rowsOf } from "./database/rows-of.ts";

// One row for each name, in their order; null where there is nothing.
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
const byKey = {
  name: "by key",
  text: "SELECT document FROM messages WHERE tenant_id = $1 AND idempotency_key = $2",
};
const overdue = {
  name: "overdue",
  text: `SELECT document FROM messages
    WHERE NOT finished AND due_at IS NULL AND owner <> $1 AND owner IN (
      SELECT owner FROM (SELECT DISTINCT owner FROM messages WHERE NOT finished AND due_at IS NULL) owners
      WHERE owner <> $1 AND is_dead(owner)
    ) LIMIT $2`,
};
const due = {
  name: "due",
  text: "SELECT document FROM messages WHERE due_at <= $1 ORDER BY due_at LIMIT $2",
};

export interface PostgresMessageStore extends MessageStore {
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/** Accepts, commits, and finds by one name go in batches, one transaction each. */
export function createMessageStore(database: Database, owner: string, time: SteadyTime): PostgresMessageStore {
  const accepts = createBatcher({
    run: (arriving: readonly Arriving[]) => elseEachAlone(arriving, (several) => runAccepts(database, owner, several)),
    nameOf: ({ message }) => message.id,
  });
  const commits = createBatcher({
    run: (changes: readonly Changing[]) =>
      elseEachAlone(changes, (several) => runCommits(database, owner, time, several)),
    nameOf: ({ next }) => next.id,
  });

  const ids = createFinds(database, byIds);
  const wamids = createFinds(database, byWamids);

  function read(statement: Statement, values: readonly unknown[]) {
    return rowsOf<{ document: string }>(database, statement, values).andThen((rows) =>
      decodedEach(rows, ({ document }) => decodeMessage(document)),
    );
  }

  return {
    accept: (message) =>
      new ResultAsync(accepts.add({ message, dueAt: dueAtOf(message, time) })).andThen((answer) => {
        if (answer.kind === "BlockLost") return err(blockLost);
        return answer.kind === "Known" ? answer.message.map((known) => ({ ...answer, message: known })) : ok(answer);
      }),
    commit: (change) =>
      new ResultAsync(commits.add({ ...change, dueAt: dueAtOf(change.next, time) })).andThen((commit) =>
        commit ? commit : err({ kind: "MessageUnknown" as const }),
      ),
    find(by) {
      if ("id" in by) return ids.find(by.id);
      if ("wamid" in by) return wamids.find(by.wamid);
      return read(byKey, [by.tenantId, by.key]).map(([message]) => message);
    },
    overdue: (limit) => read(overdue, [owner, limit]),
    due: (limit) => read(due, [new Date(time.now()), limit]),
    async idle() {
      await Promise.all([accepts, commits, ids, wamids].map(({ idle }) => idle()));
    },
  };
}

const blockLost: Unavailable = {
  kind: "Unavailable",
  reason: "this process was taken for dead, and another one has taken over its units of quota",
};

interface Finds {
  find(name: string): R<Message | undefined, Unavailable>;
  idle(): Promise<void>;
}

/** Who asks for what is asked for already, but not under way, shares its answer. */
function createFinds(database: Database, statement: Statement): Finds {
  type Found = { readonly document: string | null };
  const finds = createBatcher({
    run(names: readonly string[]) {
      for (const name of names) waiting.delete(name);
      return elseEachAlone(names, async (several) => (await database.run<Found>(statement, [several])).rows);
    },
    nameOf: (name) => name,
  });
  const waiting = new Map<string, ReturnType<typeof finds.add>>();

  return {
    find(name) {
      const found = waiting.get(name) ?? finds.add(name);
      waiting.set(name, found);
      return new ResultAsync(found).andThen(({ document }) =>
        document === null ? ok(undefined) : decoded(document, decodeMessage),
      );
    },
    idle: finds.idle,
  };
}
