import type { ResultAsync } from "neverthrow";

import { type Unavailable, wamidsOf } from "@message-sender/core";
import {
  decodeEachStored,
  decodeStored,
  decodeMessage,
  erased,
  type Retention,
  type SteadyTime,
} from "@message-sender/core/adapter";

import type { Database, Statement } from "./database/database.ts";
import type { Value } from "./database/packet.ts";
import { rowsOf } from "./database/rows-of.ts";

interface DatedIds {
  readonly first_id: string;
  readonly end_id: string;
}

interface OldRow {
  readonly id: string;
  readonly revision: number;
  readonly document: string;
}

const oldMessages = {
  name: "old messages",
  text: `SELECT id, revision, document FROM messages
    WHERE (id < $3 OR id >= $4) AND finished AND accepted_at < $1 AND NOT has_history_entry(id)
      AND NOT (keeps_unit AND EXISTS (SELECT FROM quota_blocks b WHERE b.id = quota_block_id))
    ORDER BY accepted_at LIMIT $2`,
};
const keptMessages = {
  name: "kept messages",
  text: `SELECT document FROM messages
    WHERE (id < $3 OR id >= $4) AND finished AND accepted_at < $1 AND recipient <> '${erased}' ORDER BY accepted_at, number LIMIT $2`,
};
const dropPartition = { name: "drop partition", text: "SELECT drop_partition($1) AS forgotten" };
/** Of the ids between these, whole partitions are dropped. */
const datedIds = { name: "dated ids", text: "SELECT first_id, end_id FROM dated_ids($1)" };
const forgetMessages = { name: "forget messages", text: "SELECT forget_messages($1, $2, $3) AS forgotten" };
const forgetOthers = { name: "forget others", text: "SELECT forget_others($1, $2, $3, $4, $5, $6, $7) AS forgotten" };
const forgetRecipients = {
  name: "forget recipients",
  text: `WITH old AS MATERIALIZED (
      SELECT r.phone_number_id, r.recipient FROM recipients r WHERE r.heard_at < $1 AND NOT r.has_stopped
      ORDER BY r.heard_at LIMIT $2 FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM recipients r USING old
      WHERE r.phone_number_id = old.phone_number_id AND r.recipient = old.recipient RETURNING r.heard_at
    )
    SELECT count(*) AS forgotten FROM gone`,
};

/** Each statement may run twice: the second run deletes more rows, or none. */
export function createRetention(database: Database, time: SteadyTime): Retention {
  function forgotten(statement: Statement, values: readonly Value[]): ResultAsync<number, Unavailable> {
    return rowsOf<{ forgotten: number }>(database, statement, values).map(([row]) => row?.forgotten ?? 0);
  }

  /** Runs a statement about the messages that are forgotten one by one. */
  function oneByOne<Row>(statement: Statement, before: Date, limit: number): ResultAsync<readonly Row[], Unavailable> {
    return rowsOf<DatedIds>(database, datedIds, [before]).andThen(([dated]) =>
      rowsOf<Row>(database, statement, [before, limit, dated?.first_id ?? "", dated?.end_id ?? ""]),
    );
  }

  function forgetOld(before: Date, limit: number): ResultAsync<number, Unavailable> {
    return oneByOne<OldRow>(oldMessages, before, limit).andThen((rows) => {
      const wamids = rows.flatMap(({ document }) => decodeStored(document, decodeMessage).map(wamidsOf).unwrapOr([]));
      return forgotten(forgetMessages, [rows.map(({ id }) => id), rows.map(({ revision }) => revision), wamids]);
    });
  }

  return {
    forget({ keys, messages, parkedStatuses, webhooks, recipients, outboxEntries }, limit) {
      const steady = (at: Date) => new Date(time.of(at));
      const others = [
        keys,
        steady(parkedStatuses),
        webhooks,
        messages,
        steady(outboxEntries),
        limit,
        new Date(time.now()),
      ];
      return forgotten(dropPartition, [messages])
        .andThen((dropped) => forgetOld(messages, limit).map((old) => dropped + old))
        .andThen((old) => forgotten(forgetOthers, others).map((rest) => old + rest))
        .andThen((sum) => forgotten(forgetRecipients, [recipients, limit]).map((rest) => sum + rest));
    },
    // A damaged message has no recipient that could be read.
    kept: (before, limit) =>
      oneByOne<{ document: string }>(keptMessages, before, limit).andThen((rows) =>
        decodeEachStored(rows, ({ document }) => decodeMessage(document)),
      ),
  };
}
