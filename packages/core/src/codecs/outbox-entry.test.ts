import { expect, it } from "vitest";

import { exampleEntry, oddText } from "../contracts/fixtures.ts";
import { encodeHistoryEntry } from "./history-entry.ts";
import { decodeOutboxEntry, decodeWebhook, encodeWebhook } from "./outbox-entry.ts";

const webhook = { id: "w", receivedAt: new Date("2025-11-21T10:00:00.123Z"), body: `${oddText}\u0000\ud800` };

it("a webhook through JSON is what it was", () => {
  expect(decodeWebhook(encodeWebhook(webhook))).toStrictEqual(webhook);
  expect(encodeWebhook(webhook)).toMatch(/^[^\0\ud800]*$/);
});

it("an entry is read by its topic", () => {
  const entry = exampleEntry();
  expect(decodeOutboxEntry("history", encodeHistoryEntry(entry))).toStrictEqual(entry);
  expect(decodeOutboxEntry("webhook", encodeWebhook(webhook))).toStrictEqual(webhook);
});
