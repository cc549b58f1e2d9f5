import { encodeHistoryEntry, type RetentionLimits } from "@message-sender/core";
import { exampleEntry, exampleMessage, exampleTime, oddText } from "@message-sender/core/contracts";
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";

import { type StoreFile, storeFile, valueOf } from "../../test/store-file.ts";

const firstSchema = readFileSync(new URL("../../migrations/0001-store.sql", import.meta.url), "utf8");
const { mode: _, ...old } = exampleMessage({ body: `${oddText}\ud800\u0000` });
let file: StoreFile;

beforeEach(() => {
  file = storeFile();
});

afterEach(() => file.remove());

it("brings a file of the first version up to date, with all that it holds", async () => {
  const entry = exampleEntry();
  const first = new DatabaseSync(file.path);
  first.exec(`${firstSchema}; PRAGMA user_version = 1; INSERT INTO openings DEFAULT VALUES;
    INSERT INTO quota_blocks VALUES ('block-1', 'tenant-1', 10, ${exampleTime.getTime()})`);
  for (const [id, isFinished] of Object.entries({ unfinished: 0, finished: 1 })) {
    first
      .prepare(
        `INSERT INTO messages (id, revision, tenant_id, quota_block_id, keeps_unit, is_finished, opening, document)
         VALUES (?, 1, 'tenant-1', 'block-1', 1, ?, 1, ?)`,
      )
      .run(id, isFinished, JSON.stringify({ ...old, id }));
  }
  first
    .prepare(
      `INSERT INTO outbox (id, tenant_id, conversation_id, due_at, is_leased, claims, enqueued_at, entry)
       VALUES ('entry-1', 'tenant-1', 'conversation-1', 0, 1, 1, 0, ?)`,
    )
    .run(encodeHistoryEntry(entry));
  first.close();

  const { messages, outbox, quotaLedger, retention } = await file.open();
  const unfinished = { ...old, id: "unfinished", mode: "waiting" };
  expect(await valueOf(messages.find({ id: "unfinished" }))).toEqual(unfinished);
  expect(await valueOf(messages.overdue(10))).toEqual([unfinished]);
  expect(await valueOf(messages.due(10))).toEqual([]);
  expect(await valueOf(outbox.claim("history", { limit: 10, leaseMs: 1000 }))).toEqual([
    { id: "entry-1", entry, enqueuedAt: new Date(0), earlierClaims: 1 },
  ]);
  expect(await valueOf(quotaLedger.unsettled())).toMatchObject([{ used: 2, unfinished: 1 }]);
  const [kept, gone] = [exampleTime, new Date(exampleTime.getTime() + 1)].map((time) => ({
    keys: time,
    messages: time,
    parkedStatuses: time,
    webhooks: time,
    recipients: time,
  })) as [RetentionLimits, RetentionLimits];
  expect(await valueOf(retention.forget(kept, 10))).toBe(0);
  const [unsettled] = await valueOf(quotaLedger.unsettled());
  if (unsettled) await valueOf(quotaLedger.close(unsettled.block));
  expect(await valueOf(retention.forget(gone, 10))).toBe(1);
});
