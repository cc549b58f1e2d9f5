import { DatabaseSync } from "node:sqlite";

import { exampleMessage, exampleOutcomes, withIntent, withOutcome, withReport } from "@message-sender/core/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";

import { storeFile, valueOf } from "../../test/store-file.ts";
import { outcomeUpdate, statusUpdate } from "./message-store.ts";

const file = storeFile();
let database: DatabaseSync;

beforeAll(async () => {
  const store = await file.open();
  const intended = { ...withIntent(exampleMessage()), revision: 1 };
  await valueOf(store.messages.accept(intended));
  const sent = withOutcome(intended, exampleOutcomes.Accepted);
  await valueOf(store.messages.commit({ next: sent, isBystander: true }));
  await valueOf(store.messages.commit({ next: withReport(sent, "delivered"), isBystander: true }));
  await store.close();
  database = new DatabaseSync(file.path, { readOnly: true });
});

afterAll(async () => {
  database.close();
  await file.remove();
});

/** The instructions that write to an index. */
function indexWrites(sql: string): readonly string[] {
  const rows = database.prepare(`EXPLAIN ${sql}`).all() as { opcode: string }[];
  return rows.map(({ opcode }) => opcode).filter((opcode) => opcode.startsWith("Idx") && /Insert|Delete/.test(opcode));
}

it("the update of a status writes no index", () => {
  expect(indexWrites(statusUpdate)).toEqual([]);
  expect(indexWrites("UPDATE messages SET due_at = ? WHERE id = ?")).not.toEqual([]);
});

it("the outcome of a send writes one index", () => {
  expect(indexWrites(outcomeUpdate)).toEqual(["IdxDelete", "IdxInsert"]);
});

it("both are stored", () => {
  expect(database.prepare("SELECT status, revision, is_finished FROM messages").all()).toEqual([
    { status: "delivered", revision: 3, is_finished: 1 },
  ]);
});
