import type { Unavailable } from "@message-sender/core";
import { holdUnfinished } from "@message-sender/core/adapter";
import { err, ok, type Result, ResultAsync } from "neverthrow";

import { createDatabase, type Database } from "./database/database.ts";
import { rowsOf } from "./database/rows-of.ts";
import type { PostgresStore, PostgresStoreOptions } from "./postgres-store.ts";
import { openPostgresStore } from "./store.ts";

const living = {
  name: "living processes",
  text: "SELECT count(*)::int AS others FROM processes WHERE heartbeat_at > now() - interval '45 seconds'",
};
const unfinished = {
  name: "unfinished messages",
  text: "SELECT id, document FROM messages WHERE NOT finished AND id > $1 ORDER BY id LIMIT $2",
};
// A message that cannot be read is still open, and keeps its line.
const forgetHeld = {
  name: "forget quota blocks and lines",
  text: `WITH blocks AS (DELETE FROM quota_blocks), requests AS (DELETE FROM quota_requests)
    DELETE FROM lines l WHERE NOT EXISTS (
      SELECT FROM messages m WHERE m.tenant_id = l.tenant_id AND m.outlet_id = l.outlet_id AND m.open
    )`,
};

/**
 * Holds what was unfinished in a database that was restored from a backup, and returns how many messages those were: the database that
 * was backed up may have sent them since, so their outcome is unknown and nothing sends them again by itself. Open quota blocks are
 * forgotten, because the other database settles them: a block that is never settled counts as used.
 *
 * To be called once, before a server opens the restored database: it holds whatever is unfinished, also what was queued since. It is
 * `Unavailable` while another process counts as having the store open: until 45 seconds after the last heartbeat in the database,
 * which may be one from before the backup. If it is interrupted, repeat it.
 */
export function restorePostgresStore(
  url: string,
  options: PostgresStoreOptions,
): ResultAsync<{ readonly held: number }, Unavailable> {
  return openPostgresStore(url, options).andThen((store) => {
    const database = createDatabase(url, { maxConnections: 1, schema: options.schema ?? "message_sender" });
    const held = hold(database, store, options).finally(async () => {
      await database.close();
      await store.close();
    });
    return new ResultAsync(held);
  });
}

async function hold(
  database: Database,
  { messages }: PostgresStore,
  { clock }: PostgresStoreOptions,
): Promise<Result<{ readonly held: number }, Unavailable>> {
  const found = await rowsOf<{ others: number }>(database, living, []);
  if (found.isErr()) return err(found.error);
  // This process is one.
  if ((found.value[0]?.others ?? 0) > 1) {
    const reason = "a server has this store open, or had until a moment ago: stop it, and repeat this after 45 seconds";
    return err({ kind: "Unavailable", reason });
  }
  const held = await holdUnfinished({
    messages,
    clock,
    unfinished: (afterId, limit) =>
      rowsOf<{ id: string; document: string }>(database, unfinished, [afterId, limit]).map((rows) =>
        rows.map(({ id, document }) => [id, document] as const),
      ),
  });
  if (held.isErr()) return err(held.error);
  const forgotten = await rowsOf(database, forgetHeld, []);
  return forgotten.isErr() ? err(forgotten.error) : ok({ held: held.value });
}
