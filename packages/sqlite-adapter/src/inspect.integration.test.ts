import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { inspectSqliteStore } from "@message-sender/sqlite-adapter";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type StoreFile, storeFile } from "../test/store-file.ts";
import { openStoreInThisThread } from "../test/store-in-this-thread.ts";
import { readMigrations } from "./schema/release.ts";

let file: StoreFile;
let folder: string;

beforeEach(() => {
  file = storeFile(openStoreInThisThread);
  folder = dirname(file.path);
});

afterEach(() => file.remove());

/** Every file with what is in it. */
function everything(): readonly (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => [name, readFileSync(join(folder, name)).toString("base64")] as const);
}

/** What an inspection finds, after a check that it changed nothing. */
async function look(path = file.path): Promise<unknown> {
  const before = everything();
  const found = await inspectSqliteStore(path);
  expect(everything()).toEqual(before);
  return found.match(
    (value): unknown => value,
    ({ reason }) => reason.replaceAll(folder, ""),
  );
}

describe("an inspection of a store changes nothing, and finds", () => {
  it("that it does not exist", async () => {
    expect(await look()).toEqual({ kind: "Missing" });
  });

  it("one that is up to date", async () => {
    await (await file.open()).close();
    expect(await look()).toMatchObject({ kind: "Usable", pendingMigrations: 0, journalMode: "wal" });
  });

  it("one whose journal mode another program changed", async () => {
    await (await file.open()).close();
    const sqlite = new DatabaseSync(file.path);
    sqlite.exec("PRAGMA journal_mode = DELETE");
    sqlite.close();
    expect(await look()).toMatchObject({ kind: "Usable", journalMode: "delete" });
  });

  it("one that holds a sandbox's messages", async () => {
    await (await file.open()).close();
    const sqlite = new DatabaseSync(file.path);
    sqlite.exec("UPDATE store_stamp SET stamp = 'sandbox'");
    sqlite.close();
    expect(await look()).toMatchObject({ kind: "Usable", stamp: "sandbox" });
  });

  it("one that another process has open", async () => {
    await file.open();
    expect(await look()).toEqual({ kind: "InUse" });
  });

  it("one that a killed process left behind", async () => {
    await file.open();
    const left = join(folder, "left");
    mkdirSync(left);
    for (const suffix of ["", "-wal"]) copyFileSync(`${file.path}${suffix}`, join(left, `store.db${suffix}`));
    expect(await look(join(left, "store.db"))).toMatchObject({ kind: "Usable", pendingMigrations: 0 });
    symlinkSync(join(left, "store.db"), join(folder, "link.db"));
    expect(await look(join(folder, "link.db"))).toMatchObject({ kind: "Usable", pendingMigrations: 0 });
  });

  it("one of an older version", async () => {
    writeFileSync(file.path, "");
    expect(await look()).toEqual({ kind: "Usable", schemaVersion: 0, pendingMigrations: readMigrations().length });
    await (await file.open()).close();
    const sqlite = new DatabaseSync(file.path);
    sqlite.exec("DELETE FROM migrations WHERE number = (SELECT max(number) FROM migrations)");
    sqlite.close();
    const schemaVersion = readMigrations().length - 1;
    expect(await look()).toEqual({
      kind: "Usable",
      schemaVersion,
      pendingMigrations: 1,
      stamp: "live",
      journalMode: "wal",
    });
  });

  it("one of a newer version", async () => {
    await (await file.open()).close();
    const sqlite = new DatabaseSync(file.path);
    sqlite.exec("INSERT INTO migrations VALUES (9999, '9999-later.sql', 'c')");
    sqlite.close();
    expect(await look()).toBe("/store.db was written by a newer version of Message Sender");
  });

  it("the database of another program", async () => {
    const sqlite = new DatabaseSync(file.path);
    sqlite.exec("CREATE TABLE customers (id TEXT)");
    sqlite.close();
    expect(await look()).toBe("/store.db is a database, but not a message store");
  });

  it("a file that is not a database", async () => {
    writeFileSync(file.path, "hello ".repeat(100));
    expect(await look()).toBe("/store.db is damaged, or not a database");
    mkdirSync(join(folder, "folder"));
    expect(await look(join(folder, "folder"))).toBe("/folder is not a file");
  });

  it("a folder that does not exist", async () => {
    expect(await look(join(folder, "none", "store.db"))).toBe("/none/store.db cannot be used (ENOENT)");
  });
});
