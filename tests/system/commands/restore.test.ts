import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { due, exampleMessage } from "@message-sender/core/contracts";
import { createSystemClock } from "@message-sender/core/node";
import { openPostgresStore } from "@message-sender/postgres-adapter";
import { backUpSqliteFile, openSqliteStore } from "@message-sender/sqlite-adapter";
import { expect, it, onTestFinished } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { openDocument } from "../../support/documented-blocks.ts";
import { usePostgres } from "../../support/postgres.ts";

const postgres = usePostgres();
const clock = createSystemClock();
const queued = () => exampleMessage({ mode: "queued", acceptedAt: clock.now() });

const command = (await openDocument("docs/operate.md")).block("sh", "message-sender restore");
const documented = command.trim().split(" ").slice(3);

const restore = (DATABASE_URL: string, args: readonly string[] = documented) =>
  runInProcess(["restore", ...args], { DATABASE_URL }).then(
    ({ stdout }) => stdout,
    ({ code, stderr }: { code: number; stderr: string }) => `${code} ${stderr}`,
  );

it("restore holds what was unfinished in a PostgreSQL database, and refuses one that a server uses", async () => {
  const server = (await openPostgresStore(postgres.url, { clock }))._unsafeUnwrap();
  const message = queued();
  (await server.messages.accept(message))._unsafeUnwrap();
  expect(await restore(postgres.url)).toMatch(/^1 .*a server has this store open/);
  await server.close();
  expect(JSON.parse(await restore(postgres.url))).toEqual({ unknown: 1 });
  expect(await restore(postgres.url, [])).toBe("Nothing was unfinished in the store.\n");
  const again = (await openPostgresStore(postgres.url, { clock }))._unsafeUnwrap();
  onTestFinished(again.close);
  expect(await due(again)).toEqual([]);
});

it("restore does for the copy of a SQLite file what its first opening does, and once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "message-sender-restore-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [path, copy] = [join(folder, "store.db"), join(folder, "copy.db")];
  const store = (await openSqliteStore(path, { clock }))._unsafeUnwrap();
  for (const message of [queued(), queued()]) (await store.messages.accept(message))._unsafeUnwrap();
  await store.close();
  await backUpSqliteFile(path, copy);
  expect(await restore(`sqlite:${copy}`, [])).toBe(
    "2 unfinished messages are `unknown` now: see list --status unknown, and resolve.\n",
  );
  expect(JSON.parse(await restore(`sqlite:${copy}`))).toEqual({ unknown: 0 });
  expect(JSON.parse(await restore(`sqlite:${path}`)), "not a backup").toEqual({ unknown: 0 });
  expect(await restore(`sqlite:${join(folder, "absent.db")}`)).toMatch(/^1 .*does not exist: copy the backup there/);
  expect(await restore("memory:")).toMatch(/^1 .*an in-memory store cannot be restored/);
});
