import type { Message } from "@message-sender/core";
import type { RetentionLimits } from "@message-sender/core/adapter";
import { exampleMessage, exampleOutcomes, exampleTime, withIntent, withOutcome } from "@message-sender/core/contracts";
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";

import { type StoreFile, storeFile, valueOf } from "../test/store-file.ts";
import type { SqliteStore } from "./store.ts";

const [never, always] = [new Date(0), new Date(8.64e15)];
const nothing: RetentionLimits = {
  keys: never,
  messages: never,
  parkedStatuses: never,
  webhooks: never,
  recipients: never,
  outboxEntries: never,
};
const key = { key: "order-42", fingerprint: "f1" };
let file: StoreFile;
let store: SqliteStore;

beforeEach(async () => {
  file = storeFile();
  store = await file.open();
});

afterEach(() => file.remove());

async function accept(message: Message): Promise<Message> {
  expect(await valueOf(store.messages.accept(message))).toEqual({ kind: "New" });
  return message;
}

it("keeps a freed key free, although a later commit of its message still names it", async () => {
  const old = await accept(withOutcome(withIntent(exampleMessage({ key })), exampleOutcomes.Accepted));
  expect(await valueOf(store.retention.forget({ ...nothing, keys: always }, 10))).toBe(1);
  const next = { ...old, revision: old.revision + 1 };
  expect((await valueOf(store.messages.commit({ next }))).applied).toBe(true);
  const by = { tenantId: old.request.outlet.tenantId, key: key.key };
  expect(await valueOf(store.messages.find(by))).toBeUndefined();
  const second = await accept(exampleMessage({ key }));
  await valueOf(store.messages.commit({ next: { ...next, revision: next.revision + 1 } }));
  expect(await valueOf(store.messages.find(by))).toEqual(second);
});

it("forgets a message's wamids with it, but not one that belongs to another message by now", async () => {
  const intended = await accept(withIntent(exampleMessage()));
  const other = withIntent(exampleMessage({ acceptedAt: new Date(exampleTime.getTime() + 1) }));
  const [attempt] = intended.attempts;
  if (!attempt) throw new Error("It has an attempt.");
  const evident = { ...intended, revision: 3, attempts: [{ ...attempt, evidence: "wamid.evidence" }] };
  await valueOf(store.messages.commit({ next: evident }));
  const answered = withOutcome(evident, { ...exampleOutcomes.Accepted, wamid: "wamid.answer" });
  await valueOf(store.messages.commit({ next: { ...answered, revision: 4 } }));
  await accept(other);
  const taken = withOutcome(other, { ...exampleOutcomes.Accepted, wamid: "wamid.answer" });
  await valueOf(store.messages.commit({ next: taken }));
  expect(await valueOf(store.retention.forget({ ...nothing, messages: other.acceptedAt }, 10))).toBe(1);
  expect(await valueOf(store.messages.find({ id: intended.id }))).toBeUndefined();
  await store.close();
  const left = new DatabaseSync(file.path);
  expect(left.prepare("SELECT wamid, message_id FROM wamids").all()).toEqual([
    { wamid: "wamid.answer", message_id: other.id },
  ]);
  left.close();
});

it("overwrites what it forgets, also what an earlier document had", async () => {
  const body = (name: string) => `${name} ${"marmalade ".repeat(700)}`;
  const [number, other] = ["+628129990001", "+628129990002"];
  const kept = exampleMessage({ body: "stays", acceptedAt: new Date(exampleTime.getTime() + 60_000) });
  await accept(kept);
  for (let index = 0; index < 60; index += 1) {
    const message = exampleMessage({ body: body("zebra"), key: { key: `order-${index}`, fingerprint: "f" } });
    const intended = withIntent({ ...message, request: { ...message.request, to: index % 2 ? number : other } });
    await accept(intended);
    await valueOf(store.messages.commit({ next: withOutcome(intended, exampleOutcomes.Accepted) }));
  }
  while ((await valueOf(store.retention.forget({ ...nothing, messages: kept.acceptedAt }, 10))) > 0);
  await store.close();
  const bytes = readFileSync(file.path);
  for (const secret of ["marmalade", "zebra", number.slice(1), other.slice(1)]) {
    expect([secret, bytes.includes(secret)]).toEqual([secret, false]);
  }
  expect(bytes.includes("stays")).toBe(true);
});
