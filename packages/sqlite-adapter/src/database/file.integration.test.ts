import type { MessageStore } from "@message-sender/core/adapter";
import { exampleMessage } from "@message-sender/core/contracts";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type StoreFile, storeFile, valueOf } from "../../test/store-file.ts";
import { openSqliteStore, type SqliteStore } from "../store.ts";

let file: StoreFile;

beforeEach(() => {
  file = storeFile();
});

afterEach(() => file.remove());

async function reasonOf(messages: MessageStore): Promise<string> {
  const { kind, reason } = (await messages.accept(exampleMessage()))._unsafeUnwrapErr();
  expect(kind).toBe("Unavailable");
  return reason;
}

async function expectRefusing({ messages, health }: SqliteStore): Promise<void> {
  expect(await reasonOf(messages)).toContain("was deleted, moved or replaced");
  expect((await messages.find({ id: "any" })).isErr()).toBe(true);
  expect((await health.check())._unsafeUnwrapErr().reason).toContain(file.path);
}

async function expectTaking({ messages, health }: SqliteStore): Promise<void> {
  expect((await health.check()).isOk()).toBe(true);
  expect((await messages.accept(exampleMessage()))._unsafeUnwrap()).toEqual({ kind: "New" });
}

describe("a file that disappears while it is open", () => {
  const elsewhere = () => `${file.path}-elsewhere`;

  it.each<[string, () => void]>([
    ["is deleted", () => unlinkSync(file.path)],
    ["is deleted with its folder", () => rmSync(dirname(file.path), { recursive: true })],
    ["loses its log", () => unlinkSync(`${file.path}-wal`)],
    [
      "gets another log",
      () => {
        renameSync(`${file.path}-wal`, elsewhere());
        writeFileSync(`${file.path}-wal`, "");
      },
    ],
    ["is overwritten in place", () => writeFileSync(file.path, "another store")],
    [
      "is replaced",
      () => {
        writeFileSync(elsewhere(), "");
        renameSync(elsewhere(), file.path);
      },
    ],
  ])("accepts nothing once it %s", async (_, change) => {
    const store = await file.open();
    await expectTaking(store);
    change();
    await expectRefusing(store);
    await expectRefusing(store);
  });

  it("accepts nothing once another of the same size is copied over it", async () => {
    await (await file.open()).close();
    const copy = readFileSync(file.path);
    const anHourAgo = new Date(Date.now() - 3_600_000);
    utimesSync(file.path, anHourAgo, anHourAgo);
    const store = await file.open();
    await expectTaking(store);
    writeFileSync(file.path, copy);
    await expectRefusing(store);
  });

  it.each<[string, () => readonly [from: string, to: string]]>([
    ["moved", () => [file.path, elsewhere()]],
    ["in a folder that was moved", () => [dirname(file.path), `${dirname(file.path)}-elsewhere`]],
  ])("accepts nothing while it is %s, and continues when it is back", async (_, names) => {
    const [from, to] = names();
    const store = await file.open();
    const message = exampleMessage();
    await valueOf(store.messages.accept(message));
    renameSync(from, to);
    await expectRefusing(store);
    renameSync(to, from);
    await expectTaking(store);
    expect(await valueOf(store.messages.find({ id: message.id }))).toEqual(message);
  });

  it("accepts nothing once the link that it was opened through leads elsewhere", async () => {
    const link = join(dirname(file.path), "link.db");
    symlinkSync(file.path, link);
    const store = await valueOf(openSqliteStore(link, { clock: file.clock }));
    await expectTaking(store);
    unlinkSync(link);
    writeFileSync(elsewhere(), "");
    symlinkSync(elsewhere(), link);
    expect(await reasonOf(store.messages)).toContain(link);
    await store.close();
  });

  it("is never served twice: the next opening of its path has a store of its own, and the first one does it no harm", async () => {
    const first = await file.open();
    await expectTaking(first);
    for (const name of [file.path, `${file.path}-wal`]) unlinkSync(name);
    const second = await file.open();
    const message = exampleMessage();
    await valueOf(second.messages.accept(message));
    await expectRefusing(first);
    await first.close();
    expect(existsSync(`${file.path}-wal`)).toBe(true);
    await expectTaking(second);
    await second.close();
    expect(await valueOf((await file.open()).messages.find({ id: message.id }))).toEqual(message);
  });
});

describe("a store's files", () => {
  const modes = () => [file.path, `${file.path}-wal`].map((name) => statSync(name).mode & 0o777);

  it.each([0, 0o022, 0o077])("can be read by their owner alone, with a umask of %o", async (umask) => {
    const before = process.umask(umask);
    try {
      await expectTaking(await file.open());
      expect(modes()).toEqual([0o600, 0o600]);
      expect(existsSync(`${file.path}-shm`)).toBe(false);
    } finally {
      process.umask(before);
    }
  });

  it("become so if others could read them", async () => {
    await (await file.open()).close();
    chmodSync(file.path, 0o644);
    writeFileSync(`${file.path}-wal`, "", { mode: 0o644 });
    await expectTaking(await file.open());
    expect(modes()).toEqual([0o600, 0o600]);
  });

  it("are removed when a new one could not be opened", async () => {
    mkdirSync(`${file.path}-wal`);
    const opened = await openSqliteStore(file.path, { clock: file.clock });
    expect(opened.isErr()).toBe(true);
    expect(existsSync(file.path)).toBe(false);
    expect(existsSync(`${file.path}-wal`)).toBe(true);
  });

  it("are removed when a new one is discarded, and stay if they existed before", async () => {
    await (await file.open()).discard();
    for (const end of ["", "-wal", "-shm", "-journal"]) expect(existsSync(file.path + end)).toBe(false);
    await (await file.open()).close();
    await (await file.open()).discard();
    expect(existsSync(file.path)).toBe(true);
  });

  it.each(["", ":memory:"])("need a name, which %o is not", async (path) => {
    const opened = await openSqliteStore(path, { clock: file.clock });
    expect(opened._unsafeUnwrapErr().reason).toContain("needs a file");
  });
});

describe("the stamp of a store", () => {
  async function refusal(stamp: "live" | "sandbox"): Promise<string> {
    return (await openSqliteStore(file.path, { clock: file.clock, stamp }))._unsafeUnwrapErr().reason;
  }

  it("keeps a sandbox's messages from answering for real ones", async () => {
    await (await file.open({ stamp: "sandbox" })).close();
    expect(await refusal("live")).toMatch(/store\.db holds a sandbox's messages.*name another file.*--sandbox/);
    await (await file.open({ stamp: "sandbox" })).close();
  });

  it("keeps a sandbox from real messages", async () => {
    await (await file.open()).close();
    expect(await refusal("sandbox")).toMatch(/store\.db holds real messages.*name another file/);
    await (await file.open()).close();
  });

  it("is given when it is opened to a store that has none", async () => {
    await (await file.open()).close();
    const before = new DatabaseSync(file.path);
    before.exec("DELETE FROM store_stamp");
    before.close();
    await (await file.open({ stamp: "sandbox" })).close();
    expect(await refusal("live")).toContain("sandbox");
  });
});
