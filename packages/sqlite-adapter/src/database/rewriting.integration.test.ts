import { afterEach, beforeEach, expect, it } from "vitest";

import { type StoreFile, storeFile } from "../../test/store-file.ts";
import { openDatabase } from "./database.ts";

let file: StoreFile;
let database: ReturnType<typeof openDatabase>;

beforeEach(() => {
  file = storeFile();
  database = open();
});

afterEach(async () => {
  database.close();
  await file.remove();
});

function open() {
  return openDatabase({ path: file.path, synchronous: "normal", stamp: "live", parkedStatusCapacity: 1000 });
}

/** Writes as another process would, between two openings. */
function write(sql: string): void {
  database.sqlite.exec(sql);
  database.close();
  database = open();
}

/** Leaves unused pages in the file, which a rewriting removes. */
function leaveUnusedPages(): void {
  write(`
    WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 500)
    INSERT INTO webhooks (id, received_at, has_entered, webhook) SELECT 'w' || n, 0, 0, hex(randomblob(1000)) FROM counter;
    DELETE FROM webhooks`);
}

function hasUnusedPages(): boolean {
  const { freelist_count: pages } = database.sqlite.prepare("PRAGMA freelist_count").get() as {
    freelist_count: number;
  };
  return pages > 0;
}

function forget(name: string): unknown {
  return database.run([["forgetPerson", [[name], new RegExp(name)]]]);
}

const person = "628111";
const erasable = {
  "a recipient": `INSERT INTO recipients (phone_number_id, recipient, heard_at) VALUES ('n', '${person}', 0)`,
  "a kept webhook": `INSERT INTO webhooks (id, received_at, has_entered, webhook) VALUES ('w', 0, 0, '${person}')`,
  "a parked status": `INSERT INTO parked_statuses (wamid, status, parked_at, is_matched) VALUES ('w', '${person}', 0, 0)`,
};

it.each(Object.entries(erasable))("the file is rewritten once after an erasure of %s", (_, insert) => {
  leaveUnusedPages();
  write(insert);
  forget(person);
  expect([database.clean(), hasUnusedPages()]).toEqual([{ answers: [] }, false]);
  leaveUnusedPages();
  forget(person);
  expect([database.clean(), hasUnusedPages()]).toEqual([{ answers: [] }, true]);
});

it("the file is rewritten after a message was erased, and not if it was not the one that is stored", () => {
  const row = ["a", 1, 1, 1, null, null, null, null, 0, "sent", 0, null, null, "{}"];
  const request = ["tenant-1", "outlet-1", "conversation-1", "+628123456789", null, "text", 0];
  const erase = (revision: number) => database.run([["eraseMessage", [["a", revision, "{}"], []]]]);
  database.run([["accept", [row, request, "block-1", null, []]]]);
  leaveUnusedPages();
  expect([erase(3), database.clean(), hasUnusedPages()]).toEqual([
    { answers: [false], isReadOnly: true },
    { answers: [] },
    true,
  ]);
  expect([erase(2), database.clean(), hasUnusedPages()]).toEqual([{ answers: [true] }, { answers: [] }, false]);
});

it("an erasure that was interrupted leaves the rewriting to the next one, also after a restart", () => {
  leaveUnusedPages();
  write(erasable["a recipient"]);
  forget(person);
  database.close();
  database = open();
  forget("nobody");
  expect([database.clean(), hasUnusedPages()]).toEqual([{ answers: [] }, false]);
});

it("a backup that is being made delays the rewriting that is due, and no other erasure", () => {
  leaveUnusedPages();
  write(erasable["a recipient"]);
  database.beginBackup();
  expect(database.clean()).toEqual({ answers: [] });
  forget(person);
  expect(database.clean()).toEqual({ failure: "a backup is being made: repeat the erasure once it has ended" });
  database.endBackup();
  expect([database.clean(), hasUnusedPages()]).toEqual([{ answers: [] }, false]);
});
