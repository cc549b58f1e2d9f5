import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { statusOf } from "@message-sender/core";
import { due, exampleMessage, exampleOutcomes, withIntent, withOutcome } from "@message-sender/core/contracts";
import { createSystemClock } from "@message-sender/core/node";
import { openPostgresStore } from "@message-sender/postgres-adapter";
import pg from "pg";
import { beforeAll, expect, it, onTestFinished } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { openDocument } from "../../support/documented-blocks.ts";
import { usePostgres } from "../../support/postgres.ts";
import { runShell } from "../../support/shell.ts";

const [original, restored, copied] = [usePostgres(), usePostgres(), usePostgres()];
const document = await openDocument("docs/operate.md");
const clock = createSystemClock();
const schema = "message_sender";

/** A store with a message that was sent, one in the queue, and one in flight under a key. */
async function fill(url: string) {
  const store = (await openPostgresStore(url, { clock }))._unsafeUnwrap();
  const acceptedAt = clock.now();
  const sent = withOutcome(withIntent(exampleMessage({ acceptedAt })), exampleOutcomes.Accepted);
  const queued = exampleMessage({ mode: "queued", acceptedAt });
  const inFlight = withIntent(exampleMessage({ acceptedAt, key: { key: "order-1", fingerprint: "f" } }));
  for (const message of [sent, queued, inFlight]) (await store.messages.accept(message))._unsafeUnwrap();
  await store.close();
  return { sent, queued, inFlight };
}

let messages: Awaited<ReturnType<typeof fill>>;
beforeAll(async () => {
  messages = await fill(original.url);
});

/** What `restore` and a server then find in a copy: what was sent is as it was, the rest is unknown, and new messages come after it. */
async function expectRestored(url: string): Promise<void> {
  const { sent, queued, inFlight } = messages;
  const { stdout } = await runInProcess(["restore", "--json"], { DATABASE_URL: url });
  expect(JSON.parse(stdout)).toEqual({ unknown: 2 });
  const store = (await openPostgresStore(url, { clock }))._unsafeUnwrap();
  onTestFinished(store.close);
  expect((await store.messages.find({ id: sent.id }))._unsafeUnwrap()).toEqual(sent);
  for (const { id } of [queued, inFlight]) {
    const found = (await store.messages.find({ id }))._unsafeUnwrap();
    expect(found && statusOf(found)).toBe("unknown");
  }
  const { tenantId } = inFlight.request.outlet;
  expect((await store.messages.find({ tenantId, key: "order-1" }))._unsafeUnwrap()?.id).toBe(inFlight.id);
  (await store.messages.accept(exampleMessage({ mode: "queued", acceptedAt: clock.now() })))._unsafeUnwrap();
  expect(await due(store)).toHaveLength(1);
}

/** Why `pg_dump` cannot dump this server. */
async function obstacle(url: string): Promise<string | undefined> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
  await client.end();
  const server = parseInt(rows[0]?.server_version ?? "", 10);
  try {
    const [version = ""] = /\d+/.exec(execFileSync("pg_dump", ["--version"], { encoding: "utf8" })) ?? [];
    execFileSync("psql", ["--version"]);
    return Number(version) >= server ? undefined : `pg_dump is of version ${version}, and the server of ${server}`;
  } catch {
    return "pg_dump or psql is not installed";
  }
}

it("a dump is restored by psql, as documented", async ({ skip }) => {
  const reason = await obstacle(original.url);
  if (reason !== undefined) return skip(`skipped, a dump was not tried: ${reason}`);
  const folder = mkdtempSync(join(tmpdir(), "message-sender-dump-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const commands = [document.block("sh", "pg_dump"), document.block("sh", "psql")];
  const variables = `cd '${folder}'; export DATABASE_URL='${original.url}' RESTORED_URL='${restored.url}'\n`;
  for (const command of commands) await runShell(variables + command);
  await expectRestored(restored.url);
});

it("a copy of the rows is a restored store too, as documented", async () => {
  const target = copied.url;
  await runInProcess(["migrate"], { DATABASE_URL: target });
  const client = new pg.Client(target);
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(`SET search_path = ${schema}`);
  const columns = (await original.query(
    `SELECT table_name AS table, column_name AS column, is_identity = 'YES' AS is_identity
     FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = $1 AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'`,
    [schema],
  )) as { table: string; column: string; is_identity: boolean }[];
  const byTable = Map.groupBy(columns, ({ table }) => table);
  expect(byTable.size).toBeGreaterThan(8);
  for (const [table, own] of byTable) {
    const list = own.map(({ column }) => pg.escapeIdentifier(column)).join(", ");
    const rows = await original.query(`SELECT coalesce(json_agg(r), '[]')::text AS all FROM ${schema}.${table} r`);
    await client.query(`TRUNCATE ${table}`);
    await client.query(
      `INSERT INTO ${table} (${list}) OVERRIDING SYSTEM VALUE
       SELECT ${list} FROM json_populate_recordset(NULL::${table}, $1::json)`,
      [rows[0]?.["all"]],
    );
    for (const { column, is_identity: isIdentity } of own) {
      if (!isIdentity) continue;
      await client.query(
        `SELECT setval(pg_get_serial_sequence('${table}', '${column}'), greatest(1, (SELECT max(${column}) FROM ${table})))`,
      );
    }
  }
  // As if the servers had ended longer ago.
  await client.query(`UPDATE processes SET heartbeat_at = heartbeat_at - interval '1 hour'`);
  await expectRestored(target);
});
