import { expect, it } from "vitest";

import { exampleEntry, exampleEvent, exampleTime, oddText } from "../contracts/fixtures.ts";
import { decodeOutboxEntry, decodeWebhook, encodeWebhook, outboxRowOf } from "./outbox-entry.ts";

const webhook = { id: "w", receivedAt: new Date("2025-11-21T10:00:00.123Z"), body: `${oddText}\u0000\ud800` };

it("a webhook through JSON is what it was", () => {
  expect(decodeWebhook(encodeWebhook(webhook))).toStrictEqual(webhook);
  expect(encodeWebhook(webhook)).toMatch(/^[^\0\ud800]*$/);
});

it("an entry is read by its topic", () => {
  const entry = exampleEntry();
  expect(decodeOutboxEntry("history", outboxRowOf({ topic: "history", entry }).entry)).toStrictEqual(entry);
  const [whole, least] = [exampleEvent(), { ...leastEvent(), at: new Date(exampleTime.getTime() + 1) }];
  for (const event of [whole, least]) {
    expect(decodeOutboxEntry("status", outboxRowOf({ topic: "status", entry: event }).entry)).toStrictEqual(event);
  }
  expect(decodeOutboxEntry("webhook", encodeWebhook(webhook))).toStrictEqual(webhook);
});

it("entries of one conversation, and events of one message, have one queue; their ids are unique", () => {
  const entry = exampleEntry({ tenantId: "t", conversationId: "c" });
  const { messageId, version } = entry;
  expect(outboxRowOf({ topic: "history", entry })).toMatchObject({
    id: `${messageId}:${version}`,
    tenantId: "t",
    queue: "c",
  });
  const event = exampleEvent({ messageId, version });
  expect(outboxRowOf({ topic: "status", entry: event })).toMatchObject({
    id: `status:${messageId}:${version}`,
    tenantId: "tenant-1",
    queue: messageId,
  });
});

function leastEvent() {
  const { messageId, version, at, outlet, conversationId, to, status, queuedAt } = exampleEvent({ status: "queued" });
  return { messageId, version, at, outlet, conversationId, to, status, queuedAt };
}
