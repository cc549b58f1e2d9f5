import {
  exampleEntries,
  exampleMessage,
  exampleOutcomes,
  withIntent,
  withOutcome,
} from "@message-sender/core/contracts";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";

import { type StoreFile, storeFile, valueOf } from "../test/store-file.ts";
import { openStoreInThisThread } from "../test/store-in-this-thread.ts";

const unavailable = { kind: "Unavailable", reason: "stored data is damaged" };
const always = new Date("2100-01-01");
const limits = {
  keys: always,
  messages: always,
  parkedStatuses: always,
  webhooks: always,
  recipients: always,
  outboxEntries: always,
};
let file: StoreFile;

beforeEach(() => {
  file = storeFile(openStoreInThisThread);
});

afterEach(() => file.remove());

function damage(sql: string, ...values: string[]): void {
  const database = new DatabaseSync(file.path);
  database.prepare(sql).run(...values);
  database.close();
}

it.each(["", "{", "null", "{}"])("a document %j is unavailable, and blocks no other message", async (document) => {
  const messages = (["queued", "queued", "waiting", "waiting"] as const).map((mode) => exampleMessage({ mode }));
  const store = await file.open();
  for (const message of messages) await valueOf(store.messages.accept(message));
  await store.close();
  const [queued, dueStill, left, leftStill] = messages.map(({ id }) => id) as [string, string, string, string];
  damage("UPDATE messages SET document = ? WHERE id IN (?, ?)", document, queued, left);

  const next = await file.open();
  expect((await next.messages.find({ id: queued }))._unsafeUnwrapErr()).toEqual(unavailable);
  // What is behind it on its line, to the same recipient, is due in the next round.
  const lines = await valueOf(next.queue.claim(10));
  expect((await next.queue.heads(lines, 10))._unsafeUnwrapErr()).toEqual(unavailable);
  expect((await valueOf(next.queue.heads(lines, 10))).map(({ id }) => id)).toEqual([dueStill]);
  expect((await valueOf(next.messages.overdue(100))).map(({ id }) => id)).toEqual([leftStill]);
  await next.close();
  damage("UPDATE messages SET is_finished = 1, is_open = 0, due_at = NULL, keeps_unit = 0");
  expect(await valueOf((await file.open()).retention.forget(limits, 100))).toBe(4);
});

it("a damaged entry of the outbox blocks no other", async () => {
  const store = await file.open();
  for (const conversationId of ["c1", "c2"]) {
    const intended = withIntent(exampleMessage({ conversationId }));
    const sent = withOutcome(intended, { ...exampleOutcomes.Accepted, wamid: `wamid.${conversationId}` });
    await valueOf(store.messages.accept(intended));
    await valueOf(store.messages.commit({ next: sent, outbox: exampleEntries(intended, sent) }));
  }
  await store.close();
  damage("UPDATE outbox SET entry = '{' WHERE id = (SELECT min(id) FROM outbox)");
  const next = await file.open();
  expect(await valueOf(next.outbox.claim("history", { limit: 100, leaseMs: 1000 }))).toHaveLength(1);
});
