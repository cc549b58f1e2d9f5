import { type Unavailable, wamidsOf } from "@message-sender/core";
import {
  bytesOfWamid,
  decodeMessage,
  decodeStored,
  encodeMessage,
  erased,
  eraseOutboxRow,
  type Erasure,
  personPattern,
} from "@message-sender/core/adapter";
import { okAsync, type ResultAsync } from "neverthrow";

import type { Database } from "./database/database.ts";
import { done, rowsOf } from "./database/rows-of.ts";

const namesOf = {
  name: "names of person",
  text: `WITH RECURSIVE person (name) AS (
      SELECT unnest($1::text[]) COLLATE "C"
      UNION
      SELECT other.name FROM person
      JOIN recipients r ON r.known_as IS NOT NULL AND person.name IN (r.recipient, r.known_as COLLATE "C")
      CROSS JOIN LATERAL (VALUES (r.recipient), (r.known_as COLLATE "C")) AS other (name)
    )
    SELECT name FROM person`,
};
const replace = {
  name: "erase message",
  text: `WITH replaced AS (
      UPDATE messages SET revision = $2, document = $3, recipient = '${erased}', reference = NULL
      WHERE id = $1 AND revision = $2 - 1 AND finished RETURNING id, tenant_id, idempotency_key
    ), spent AS (
      UPDATE idempotency_keys k SET fingerprint = '${erased}' FROM replaced
      WHERE k.tenant_id = replaced.tenant_id AND k.key = replaced.idempotency_key AND k.message_id = replaced.id
    ), blank AS MATERIALIZED (
      SELECT b.* FROM unnest($4::text[], $5::text[]) AS b (id, entry), replaced
    ), queues AS MATERIALIZED (
      -- Before the entries, and in this order, as a settlement locks them.
      SELECT l.id FROM outbox_queues l WHERE l.id IN (SELECT o.queue FROM outbox o JOIN blank USING (id))
      ORDER BY (l.topic, l.tenant_id, l.name) FOR UPDATE
    ), unexplained AS (
      -- What is said of a queue is said of its first entry.
      UPDATE outbox_queues l SET why = '${erased}' FROM queues
      WHERE l.id = queues.id AND l.why IS NOT NULL
        AND (SELECT o.id FROM outbox o WHERE o.queue = l.id ORDER BY o.sequence LIMIT 1) IN (SELECT blank.id FROM blank)
    ), waiting AS (
      UPDATE outbox o SET entry = blank.entry FROM blank, (SELECT count(*) FROM queues) locked WHERE o.id = blank.id
    ), dead AS (
      UPDATE dead_entries d SET entry = blank.entry, why = CASE WHEN d.why IS NOT NULL THEN '${erased}' END
      FROM blank WHERE d.id = blank.id
    ), late AS (
      UPDATE late_deliveries l SET why = '${erased}' FROM replaced
      WHERE l.why IS NOT NULL AND (l.id >= $1 || ':' AND l.id < $1 || ';' OR l.id >= 'status:' || $1 || ':' AND l.id < 'status:' || $1 || ';')
    ), gone AS (
      DELETE FROM wamids w USING replaced WHERE w.wamid = ANY ($6) AND w.message_id = replaced.id
    ), unparked AS (
      DELETE FROM parked_statuses p USING replaced WHERE p.wamid = ANY ($6)
    )
    SELECT id FROM replaced
    UNION ALL SELECT id FROM messages WHERE id = $1 AND revision = $2 AND document = $3`,
};
const entries = {
  name: "entries of message",
  text: `SELECT id, '' AS entry, document FROM messages WHERE id = $1
    UNION ALL SELECT id, entry, NULL FROM outbox WHERE id >= $1 || ':' AND id < $1 || ';'
    UNION ALL SELECT id, entry, NULL FROM outbox WHERE id >= 'status:' || $1 || ':' AND id < 'status:' || $1 || ';'
    UNION ALL SELECT id, entry, NULL FROM dead_entries WHERE id >= $1 || ':' AND id < $1 || ';'
    UNION ALL SELECT id, entry, NULL FROM dead_entries WHERE id >= 'status:' || $1 || ':' AND id < 'status:' || $1 || ';'`,
};
const recipients = {
  name: "erase recipients",
  text: `WITH gone AS (DELETE FROM recipients WHERE recipient = ANY ($1) OR known_as = ANY ($1) RETURNING recipient)
    SELECT count(*) AS count FROM gone`,
};
const webhooks = {
  name: "webhooks after",
  text: `SELECT id, webhook FROM (
      SELECT id, webhook FROM webhooks
      UNION ALL SELECT substr(id, 9), entry FROM outbox WHERE id LIKE 'webhook:%'
      UNION ALL SELECT substr(id, 9), entry FROM dead_entries WHERE topic = 'webhook'
    ) kept WHERE webhook ~ $1`,
};
const removeWebhooks = {
  name: "erase webhooks",
  text: `WITH given AS MATERIALIZED (SELECT id, 'webhook:' || id AS entry FROM unnest($1::text[]) AS g (id)), kept AS (
      DELETE FROM webhooks w USING given WHERE w.id = given.id
    ), dead AS (
      DELETE FROM dead_entries d USING given WHERE d.id = given.entry
    ), waiting AS (
      DELETE FROM outbox o USING given WHERE o.id = given.entry
    )
    DELETE FROM outbox_queues l USING given WHERE l.topic = 'webhook' AND l.tenant_id = '' AND l.name = given.id`,
};

const statuses = {
  name: "parked statuses after",
  text: `SELECT number, digest, wamid, status_update AS text FROM parked_statuses WHERE number > $1 ORDER BY number LIMIT $2`,
};
const removeStatuses = { name: "erase statuses", text: "DELETE FROM parked_statuses WHERE digest = ANY ($1)" };
const statusesAtOnce = 1000;

interface StatusRow {
  readonly number: number;
  readonly digest: string;
  readonly wamid: string;
  readonly text: string;
}

/** Each statement may run twice. Deleted rows leave the files with the next vacuum, which PostgreSQL runs by itself. */
export function createErasure(database: Database): Erasure {
  return {
    namesOf: (names) =>
      rowsOf<{ name: string }>(database, namesOf, [names]).map((rows) => rows.map(({ name }) => name)),
    replace: (next) =>
      rowsOf<{ id: string; entry: string; document: string | null }>(database, entries, [next.id]).andThen((rows) => {
        const wamids = rows.flatMap(({ document }) =>
          document === null ? [] : decodeStored(document, decodeMessage).map(wamidsOf).unwrapOr([]),
        );
        const found = rows.filter(({ document }) => document === null);
        const blank = found.map(({ id, entry }) => eraseOutboxRow([id, entry]));
        const columns = [blank.map(([id]) => id), blank.map(([, entry]) => entry)];
        return rowsOf(database, replace, [next.id, next.revision, encodeMessage(next), ...columns, wamids]).map(
          ([replaced]) => replaced !== undefined,
        );
      }),
    forget: (names) =>
      rowsOf<{ count: number }>(database, recipients, [names]).andThen(([row]) =>
        forgetWebhooks(names)
          .andThrough(() => forgetStatuses(personPattern(names)))
          .map((count) => ({ recipients: row?.count ?? 0, webhooks: count })),
      ),
    clean: () => okAsync(undefined),
  };

  function forgetWebhooks(names: readonly string[]) {
    const pattern = personPattern(names);
    const roughly = names.map((name) => name.replace(/^\+/, "").replaceAll(/[.]/g, "[.]")).join("|");
    return rowsOf<{ id: string; webhook: string }>(database, webhooks, [roughly]).andThen((found) => {
      const ids = [...new Set(found.filter(({ webhook }) => pattern.test(webhook)).map(({ id }) => id))];
      return rowsOf(database, removeWebhooks, [ids]).map(() => ids.length);
    });
  }

  /** A page at a time: most parked statuses may belong to other senders. */
  function forgetStatuses(pattern: RegExp, after = 0): ResultAsync<void, Unavailable> {
    return rowsOf<StatusRow>(database, statuses, [after, statusesAtOnce]).andThen((rows) => {
      const isAbout = ({ wamid, text }: StatusRow) => pattern.test(text) || pattern.test(bytesOfWamid(wamid));
      const digests = rows.filter(isAbout).map(({ digest }) => digest);
      const last = rows.at(-1);
      return (digests.length > 0 ? done(database, removeStatuses, [digests]) : okAsync(undefined)).andThen(() =>
        last && rows.length === statusesAtOnce ? forgetStatuses(pattern, last.number) : okAsync(undefined),
      );
    });
  }
}
