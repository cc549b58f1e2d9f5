import type { Message } from "@message-sender/core";
import { encodeMessage, isFinished, queueDueAt } from "@message-sender/core/adapter";
import { exampleMessage, withIntent } from "@message-sender/core/contracts";
import { openSqliteStore } from "@message-sender/sqlite-adapter";
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type StoreFile, storeFile, valueOf } from "../../test/store-file.ts";
import { openStoreInThisThread } from "../../test/store-in-this-thread.ts";
import { readMigrations } from "./release.ts";

const message = withIntent(exampleMessage());
let file: StoreFile;

beforeEach(() => {
  file = storeFile(openStoreInThisThread);
});

afterEach(() => file.remove());

/** Runs SQL on the file while no store has it open. */
function change(sql: string): void {
  const database = new DatabaseSync(file.path);
  database.exec(sql);
  database.close();
}

function applied(): unknown[] {
  const database = new DatabaseSync(file.path, { readOnly: true });
  const rows = database.prepare("SELECT number FROM migrations ORDER BY number").all();
  database.close();
  return rows.map(({ number }) => number);
}

async function openWithMessage(): Promise<void> {
  const store = await file.open();
  await valueOf(store.messages.accept(message));
  await store.close();
}

it("the files of the schema are numbered from 1 without a gap, and define nothing twice", () => {
  const migrations = readMigrations();
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
  const defined = migrations.flatMap(({ sql }) =>
    Array.from(sql.matchAll(/^CREATE (?:UNIQUE )?(?:TABLE|INDEX) (\w+)/gm), ([, name]) => name),
  );
  expect(defined).toHaveLength(new Set(defined).size);
});

it("applies each migration once", async () => {
  const all = readMigrations().map(({ number }) => number);
  await openWithMessage();
  expect(applied()).toEqual(all);
  const { messages } = await file.open();
  expect(await valueOf(messages.find({ id: message.id }))).toEqual(message);
});

/** A store as an older version left it: with the first migrations alone, and with these messages. */
function olderStore(last: number, messages: readonly Message[]): void {
  const database = new DatabaseSync(file.path);
  for (const { number, name, sql, checksum } of readMigrations().filter((one) => one.number <= last)) {
    database.exec(sql);
    database.prepare("INSERT INTO migrations (number, name, checksum) VALUES (?, ?, ?)").run(number, name, checksum);
  }
  database.exec("INSERT INTO store_stamp (stamp) VALUES ('live')");
  const insert = database.prepare(
    `INSERT INTO messages (id, revision, tenant_id, outlet_id, conversation_id, recipient, type, accepted_at, status,
       needs_attention, quota_block_id, keeps_unit, is_finished, opening, due_at, due_set_at, document)
     VALUES (?, ?, ?, ?, 'c', ?, 'text', ?, 'queued', 0, 'b', 1, ?, 1, ?, ?, ?)`,
  );
  for (const one of messages) {
    const { outlet, to } = one.request;
    const dueAt = queueDueAt(one)?.getTime() ?? null;
    const times = [one.acceptedAt.getTime(), isFinished(one) ? 1 : 0, dueAt, dueAt] as const;
    insert.run(one.id, one.revision, outlet.tenantId, outlet.outletId, to, ...times, encodeMessage(one));
  }
  database.close();
}

it("applies the migrations that an older store lacks", async () => {
  olderStore(8, [message]);
  const { messages, health, close } = await file.open();
  expect((await health.check()).isOk()).toBe(true);
  expect(await valueOf(messages.find({ id: message.id }))).toEqual(message);
  await close();
  expect(applied()).toEqual(readMigrations().map(({ number }) => number));
});

it("gives the messages that an older store had queued their lines", async () => {
  const queued = (outletId: string, to: string) =>
    exampleMessage({ mode: "queued", outletId, to, acceptedAt: file.clock.now() });
  const [first, second, other] = [queued("a", "+62812"), queued("a", "+62812"), queued("b", "+62812")];
  const inFlight = withIntent(queued("c", "+62812"));
  olderStore(9, [message, first, second, other, inFlight]);
  const { queue } = await file.open();
  const lines = await valueOf(queue.claim(10));
  expect(lines.map(({ outletId }) => outletId).toSorted()).toEqual(["a", "b"]);
  expect((await valueOf(queue.heads(lines, 10))).toSorted(byId)).toEqual([first, other].toSorted(byId));
  expect(await valueOf(queue.depth("tenant-1", 10))).toBe(4);
});

function byId(one: Message, another: Message): number {
  return one.id < another.id ? -1 : 1;
}

describe("a file that cannot be used is left as it is", () => {
  async function refusal(): Promise<string> {
    const before = readFileSync(file.path);
    const { reason } = (await openSqliteStore(file.path, { clock: file.clock }))._unsafeUnwrapErr();
    expect(readFileSync(file.path)).toEqual(before);
    return reason.replace(file.path, "FILE");
  }

  it("because a newer version has written it", async () => {
    await openWithMessage();
    change("INSERT INTO migrations VALUES (9999, '9999-later.sql', 'c')");
    expect(await refusal()).toBe("FILE was written by a newer version of Message Sender");
  });

  it.each([
    ["without a list of its migrations", "DROP TABLE migrations; PRAGMA user_version = 9"],
    ["with other tables", "UPDATE migrations SET checksum = 'another' WHERE number = 2"],
  ])("because an unreleased version made it, %s", async (_, sql) => {
    await openWithMessage();
    change(sql);
    expect(await refusal()).toBe(
      "FILE was made by an unreleased version of Message Sender, whose tables this version cannot use: name another file, " +
        "or delete this one and its messages",
    );
  });

  it("because it is the database of another program", async () => {
    change("PRAGMA journal_mode = WAL; CREATE TABLE customers (id TEXT)");
    expect(await refusal()).toBe("FILE is a database, but not a message store");
  });
});
