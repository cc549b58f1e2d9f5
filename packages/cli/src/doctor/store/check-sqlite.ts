import { realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";

import type { Settings } from "@message-sender/server/settings";
import { sqlitePath } from "@message-sender/server/store";
import { inspectSqliteStore, sqliteMode, type SqliteInspection } from "@message-sender/sqlite-adapter";

import { type Check, failed, passed } from "../check.ts";
import { checkDisk, freeBytesOf, shortageOf, writeProblemOf } from "./disk.ts";
import { askOwnServer } from "../own-server.ts";
import type { StoreFinding } from "./store-finding.ts";
import { usable } from "./usable-store.ts";

/** Checks the store in a SQLite file without changing it. */
export async function checkSqlite(settings: Settings): Promise<StoreFinding> {
  const path = sqlitePath(settings.DATABASE_URL);
  // SQLite's log lies beside the file that a link leads to.
  const folder = dirname(await realpath(path).catch(() => path));
  const freeBytes = await freeBytesOf(folder).catch(() => undefined);
  const facts = { kind: "sqlite" as const, path, free_bytes: freeBytes ?? null };
  const refused = (reason: string): StoreFinding => ({
    checks: [failed("store", `DATABASE_URL: ${reason}`, adviceOn(reason))],
    facts,
  });
  const shortage = freeBytes === undefined ? undefined : shortageOf(freeBytes);
  if (shortage !== undefined) return refused(`${path} ${shortage}`);
  const found = await inspectSqliteStore(path);
  if (found.isErr()) return refused(found.error.reason);
  const problem = found.value.kind === "InUse" ? undefined : await writeProblemOf(folder);
  if (problem !== undefined) return refused(`${path} ${problem}`);
  const fileBytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  const journalMode = found.value.kind === "Usable" ? found.value.journalMode : undefined;
  return {
    checks: [
      await checkFile(path, found.value, settings),
      passed(commitsText(journalMode)),
      ...(freeBytes === undefined ? [] : [checkDisk(freeBytes, fileBytes)]),
    ],
    facts: {
      ...facts,
      file_bytes: fileBytes,
      journal_mode: journalMode ?? sqliteMode.journalMode,
      synchronous: sqliteMode.synchronous,
    },
  };
}

/** The journal mode is a property of the file. `serve` sets it, and the synchronous level, when it opens the store. */
function commitsText(journalMode: string = sqliteMode.journalMode): string {
  const { journalMode: set, synchronous } = sqliteMode;
  const change = journalMode === set ? "" : `, which serve changes to ${set}`;
  return `commits of SQLite: journal_mode = ${journalMode}${change}, synchronous = ${synchronous}`;
}

async function checkFile(path: string, found: SqliteInspection, settings: Settings): Promise<Check> {
  switch (found.kind) {
    case "Missing":
      return passed(`store at ${path}, which serve will create`);
    case "InUse":
      return askItsServer(path, settings);
    case "Usable":
      return usable(`store at ${path}`, found);
  }
}

function adviceOn(reason: string): string {
  if (/no room/.test(reason)) return "free space on its disk, or move the store to a larger one";
  if (/EFBIG/.test(reason)) return "raise the limit on the size of files (ulimit -f, LimitFSIZE)";
  if (/EACCES|EROFS|EPERM|read-only/.test(reason)) {
    return "give the user that runs the server the right to write to the file and to its folder";
  }
  if (/newer version/.test(reason)) return "install the version of Message Sender that wrote it, or a newer one";
  if (/damaged|not a database/.test(reason)) return "name another file, or restore a backup";
  if (/ENOENT/.test(reason)) return "make its folder, which must exist, or correct DATABASE_URL";
  return "correct DATABASE_URL, or repair what is wrong with the file";
}

/** Only the process that has a SQLite file open can tell whether the store works. */
async function askItsServer(path: string, settings: Settings): Promise<Check> {
  const name = `store at ${path}, in use by another process`;
  const own = await askOwnServer(settings, "/readyz");
  if (!own) {
    const advice = "set MESSAGE_SENDER_URL to the server that uses this store";
    return failed(name, `no server answers at ${settings.MESSAGE_SENDER_URL}`, advice);
  }
  const { url, answer } = own;
  if (answer.status === 200) return passed(`${name}: the server at ${url}`);
  const problem = `the server at ${url} is not ready: /readyz answers ${answer.status}`;
  return failed(
    `${name}: the server at ${url}`,
    problem,
    "see the log of the server: its disk may be full or read-only",
  );
}
