import { statusOf } from "@message-sender/core";
import { due, exampleMessage, exampleOutcomes, withIntent, withOutcome } from "@message-sender/core/contracts";
import { openSqliteStore, type StoreBackup } from "@message-sender/sqlite-adapter";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type StoreFile, storeFile, valueOf } from "../../test/store-file.ts";
import type { SqliteStore } from "../store.ts";

let file: StoreFile;
let copy: StoreFile;
let store: SqliteStore;

beforeEach(async () => {
  [file, copy] = [storeFile(), storeFile()];
  store = await file.open();
});

afterEach(async () => {
  await file.remove();
  await copy.remove();
});

async function bytesOf({ content }: StoreBackup): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function restored(): Promise<SqliteStore> {
  writeFileSync(copy.path, await bytesOf(await valueOf(store.backup())));
  return copy.open();
}

async function fill(count: number): Promise<void> {
  const body = "x".repeat(4000);
  await Promise.all(Array.from({ length: count }, () => valueOf(store.messages.accept(exampleMessage({ body })))));
}

const key = { key: "order-42", fingerprint: "f1" };

describe("a backup of a store that is in use", () => {
  it("has everything that was committed before, and nothing after, however much is committed while it is read", async () => {
    await fill(300);
    const before = exampleMessage();
    await valueOf(store.messages.accept(before));
    const backup = await valueOf(store.backup());
    const pieces: Uint8Array[] = [];
    const after = exampleMessage();
    await valueOf(store.messages.accept(after));
    for await (const piece of backup.content) {
      pieces.push(piece);
      await fill(2000);
    }
    const bytes = Buffer.concat(pieces);
    expect([bytes.length, pieces.length > 3]).toEqual([backup.size, true]);
    writeFileSync(copy.path, bytes);
    const plain = new DatabaseSync(copy.path);
    expect(plain.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    expect(plain.prepare("SELECT count(*) AS messages FROM messages").get()).toEqual({ messages: 301 });
    plain.close();
    const { messages } = await copy.open();
    expect((await valueOf(messages.find({ id: before.id })))?.request).toEqual(before.request);
    expect(await valueOf(messages.find({ id: after.id }))).toBeUndefined();
    expect(await valueOf(store.messages.find({ id: after.id }))).toEqual(after);
  });

  it("keeps the lock on the store: no other process can open it", async () => {
    // In several pieces.
    await fill(300);
    await bytesOf(await valueOf(store.backup()));
    const script = `import { DatabaseSync } from "node:sqlite";
      try { new DatabaseSync(process.argv[1], { timeout: 0 }).exec("BEGIN IMMEDIATE"); console.log("open"); }
      catch (error) { console.log(error.errcode & 0xff); }`;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script, file.path], {
      encoding: "utf8",
    });
    expect(stdout.trim()).toBe("5");
  });

  it("is made one at a time; the next can begin once it was read, or given up before or while it was read", async () => {
    await fill(300);
    const first = await valueOf(store.backup());
    expect((await store.backup())._unsafeUnwrapErr()).toEqual({ kind: "BackupInProgress" });
    await first.content.return();
    const second = await valueOf(store.backup());
    for await (const _ of second.content) break;
    await bytesOf(await valueOf(store.backup()));
    await bytesOf(await valueOf(store.backup()));
  });

  it("ends when the store is closed", async () => {
    await fill(300);
    const backup = await valueOf(store.backup());
    await backup.content.next();
    await store.close();
    await expect(bytesOf(backup)).rejects.toThrow("the store was closed");
    expect((await openSqliteStore(file.path, { clock: file.clock })).map((again) => again.close()).isOk()).toBe(true);
  });
});

describe("a restored backup", () => {
  it("answers a key with its message, and keeps what was finished as it was", async () => {
    const sent = withOutcome(withIntent(exampleMessage({ key })), exampleOutcomes.Accepted);
    await valueOf(store.messages.accept(sent));
    const { messages } = await restored();
    expect(await valueOf(messages.accept(exampleMessage({ key })))).toEqual({ kind: "Known", message: sent });
  });

  it("sends nothing that the store may have sent since, and says that its outcome is unknown", async () => {
    const queued = Array.from({ length: 450 }, (_, index) => exampleMessage({ mode: "queued", to: `+62812${index}` }));
    for (const message of queued) await valueOf(store.messages.accept(message));
    const between = exampleMessage({ key });
    await valueOf(store.messages.accept(between));
    const { messages, queue, outbox, held } = await restored();
    expect(held).toBe(451);
    const events = await valueOf(outbox.claim("status", { limit: 1000, leaseMs: 1000 }));
    expect(events.map(({ entry }) => [entry.status, entry.version]).slice(0, 2)).toEqual([
      ["unknown", 2],
      ["unknown", 2],
    ]);
    expect(events).toHaveLength(451);
    await copy.clock.advance(3_600_000);
    expect(await valueOf(queue.claim(1000))).toEqual([]);
    expect(await valueOf(messages.overdue(1000))).toEqual([]);
    for (const { id } of [...queued, between]) {
      const found = await valueOf(messages.find({ id }));
      expect(found && statusOf(found)).toBe("unknown");
    }
    expect(await valueOf(messages.find({ tenantId: "tenant-1", key: key.key }))).toMatchObject({ id: between.id });
    // The store that was backed up goes on as if nothing had happened.
    expect(await due(store)).toHaveLength(450);
  });

  it("holds only once: what is queued after it was restored is sent after a restart", async () => {
    const first = await restored();
    const queued = exampleMessage({ mode: "queued" });
    await valueOf(first.messages.accept(queued));
    await first.close();
    const { queue, held } = await copy.open();
    expect(held).toBe(0);
    expect(await due({ queue })).toEqual([queued]);
  });

  it("forgets the open quota blocks, which the other store settles", async () => {
    const block = { id: "block-1", tenantId: "tenant-1", granted: 10, expiresAt: new Date("2030-01-01") };
    await valueOf(store.quotaLedger.open(block, "request-1"));
    const again = await restored();
    expect(await valueOf(again.quotaLedger.unsettled())).toEqual([]);
  });
});
