import { inspectPostgresStore, type PostgresInspection } from "@message-sender/postgres-adapter";
import type { Settings } from "@message-sender/server/settings";
import { sqlitePath, storeKind } from "@message-sender/server/store";
import { inspectSqliteStore } from "@message-sender/sqlite-adapter";

import { call } from "./call.ts";
import { type Check, failed, passed, warned } from "./check.ts";

/** Checks the store at `DATABASE_URL` without changing it. */
export function checkStore(settings: Settings): Promise<readonly Check[]> {
  switch (storeKind(settings.DATABASE_URL)) {
    case "memory":
      return Promise.resolve([passed("in-memory store, which loses all messages when the server stops")]);
    case "sqlite":
      return checkSqlite(settings);
    case "postgres":
      return checkPostgres(settings);
  }
}

async function checkSqlite(settings: Settings): Promise<readonly Check[]> {
  const path = sqlitePath(settings.DATABASE_URL);
  const found = await inspectSqliteStore(path);
  if (found.isErr()) return [failed("store", `DATABASE_URL: ${found.error.reason}`, sqliteAdvice(found.error.reason))];
  switch (found.value.kind) {
    case "Missing":
      return [passed(`store at ${path}, which serve will create`)];
    case "InUse":
      return [await askItsServer(path, settings)];
    case "Usable":
      return [usable(`store at ${path}`, found.value)];
  }
}

function sqliteAdvice(reason: string): string {
  if (/disk is full|no room/.test(reason)) return "free space on its disk, or move the store to a larger one";
  if (/EACCES|EROFS|EPERM|read-only/.test(reason)) {
    return "give the user that runs the server the right to write to the file and to its folder";
  }
  if (/newer version/.test(reason)) return "install the version of Message Sender that wrote it, or a newer one";
  if (/damaged|not a database/.test(reason)) return "name another file, or restore a backup";
  return "correct DATABASE_URL, or repair what is wrong with the file";
}

async function checkPostgres({ DATABASE_URL }: Settings): Promise<readonly Check[]> {
  const found = await inspectPostgresStore(DATABASE_URL);
  if (found.isErr())
    return [failed("store", `DATABASE_URL: ${found.error.reason}`, postgresAdvice(found.error.reason))];
  const store = found.value;
  return [usable(`store on PostgreSQL ${store.serverVersion}${replicationText(store)}`, store), ...durability(store)];
}

function postgresAdvice(reason: string): string {
  if (/newer version/.test(reason)) return "install the version of Message Sender that wrote it, or a newer one";
  if (/standby|read-only/.test(reason)) return "let DATABASE_URL lead to the primary, which accepts writes";
  if (/this user may not/.test(reason)) return "grant the user the rights on the database and the schema";
  return "check the host, the user and the database in DATABASE_URL, and that PostgreSQL runs";
}

function replicationText({ standbys, synchronousStandbys }: PostgresInspection): string {
  if (synchronousStandbys !== "") return `, whose commits wait for the standbys ${synchronousStandbys}`;
  return standbys === undefined
    ? ""
    : `, ${standbys === 0 ? "without standbys" : `with ${standbys} asynchronous standby${standbys === 1 ? "" : "s"}`}`;
}

/** Whether a commit outlasts a crash. The store's own transactions ask for it, but nothing else that writes there does. */
function durability({ synchronousCommit, fsync, synchronousStandbys, standbys }: PostgresInspection): readonly Check[] {
  const found: Check[] = [];
  if (synchronousCommit === "off") {
    const problem =
      "synchronous_commit is off: a crash loses what was committed last, but for transactions that turn it on";
    found.push(
      failed("commits of PostgreSQL", problem, "set synchronous_commit = on for the server, the database and the user"),
    );
  }
  if (!fsync) {
    const problem = "fsync is off: a crash of its machine can lose or damage everything";
    found.push(warned("commits of PostgreSQL", problem, "set fsync = on in postgresql.conf, unless this is a test"));
  }
  if (synchronousStandbys !== "" && standbys === 0) {
    const problem = `synchronous_standby_names is ${synchronousStandbys}, but no standby is connected: commits wait`;
    found.push(failed("replication of PostgreSQL", problem, "start the standby, or clear synchronous_standby_names"));
  }
  return found;
}

function usable(name: string, store: { readonly pendingMigrations: number; readonly stamp?: string }): Check {
  if (store.stamp === "sandbox") {
    return failed(
      name,
      "it belongs to a sandbox: only serve --sandbox can open it",
      "name another store in DATABASE_URL",
    );
  }
  return passed(`${name}${pendingText(store.pendingMigrations)}`);
}

function pendingText(migrations: number): string {
  if (migrations === 0) return "";
  return `, with ${migrations} pending migration${migrations === 1 ? "" : "s"}, which serve will apply`;
}

/** Only the process that has a SQLite file open can tell whether the store works. */
async function askItsServer(path: string, { MESSAGE_SENDER_URL, HOST, PORT }: Settings): Promise<Check> {
  const name = `store at ${path}, in use by another process`;
  const own = `http://${HOST.includes(":") ? `[${HOST}]` : HOST}:${PORT}`;
  for (const url of new Set([MESSAGE_SENDER_URL, ...(PORT === 0 ? [] : [own])])) {
    const answer = await call(`${url}/readyz`);
    if (typeof answer === "string") continue;
    const server = `${name}: the server at ${url}`;
    if (answer.status === 200) return passed(server);
    const problem = `the server at ${url} is not ready: /readyz answers ${answer.status}`;
    return failed(server, problem, "see the log of the server: its disk may be full or read-only");
  }
  const advice = "set MESSAGE_SENDER_URL to the server that uses this store";
  return failed(name, `no server answers at ${MESSAGE_SENDER_URL}`, advice);
}
