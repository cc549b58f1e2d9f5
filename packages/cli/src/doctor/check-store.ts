import type { Settings } from "@message-sender/server/settings";
import { sqlitePath, storeKind } from "@message-sender/server/store";
import { inspectSqliteStore } from "@message-sender/sqlite-adapter";

import { call } from "./call.ts";
import { type Check, failed, passed } from "./check.ts";
import { checkPostgres } from "./check-postgres.ts";
import { usable } from "./usable-store.ts";

/** Checks the store at `DATABASE_URL` without changing it. */
export function checkStore(settings: Settings): Promise<readonly Check[]> {
  switch (storeKind(settings.DATABASE_URL)) {
    case "memory":
      return Promise.resolve([passed("in-memory store, which loses all messages when the server stops")]);
    case "sqlite":
      return checkSqlite(settings);
    case "postgres":
      return checkPostgres(settings.DATABASE_URL);
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
