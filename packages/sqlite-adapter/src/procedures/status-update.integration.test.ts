import { DatabaseSync } from "node:sqlite";

import { exampleMessage, exampleOutcomes, withIntent, withOutcome, withReport } from "@message-sender/core/contracts";
import { expect, it } from "vitest";

import { storeFile, valueOf } from "../../test/store-file.ts";
import { statusUpdate } from "./message-store.ts";

/** The instructions that write to an index. */
function indexWrites(database: DatabaseSync, sql: string): readonly string[] {
  const rows = database.prepare(`EXPLAIN ${sql}`).all() as { opcode: string }[];
  return rows.map(({ opcode }) => opcode).filter((opcode) => opcode.startsWith("Idx") && /Insert|Delete/.test(opcode));
}

it("the update of a status writes no index", async () => {
  const file = storeFile();
  const store = await file.open();
  const sent = withOutcome(withIntent(exampleMessage()), exampleOutcomes.Accepted);
  const first = { ...sent, revision: 1 };
  await valueOf(store.messages.accept(first));
  await valueOf(store.messages.commit({ next: withReport(first, "delivered") }));
  await store.close();
  const database = new DatabaseSync(file.path, { readOnly: true });
  expect(indexWrites(database, statusUpdate)).toEqual([]);
  expect(indexWrites(database, "UPDATE messages SET due_at = ? WHERE id = ?")).not.toEqual([]);
  expect(database.prepare("SELECT status, revision FROM messages").all()).toEqual([
    { status: "delivered", revision: 2 },
  ]);
  database.close();
  await file.remove();
});
