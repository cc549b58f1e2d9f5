import type { ReceivedWebhook } from "@message-sender/core/adapter";
import {
  exampleFailure,
  exampleMessage,
  exampleOutcomes,
  exampleStatusUpdate,
  exampleWebhook,
  withIntent,
  withOutcome,
} from "@message-sender/core/contracts";
import { expect, it } from "vitest";

import { usePostgres } from "../../../tests/support/postgres.ts";
import { useStore } from "../test/stores.ts";

const postgres = usePostgres();
const store = useStore(postgres);

it("keeps every code point of a message, and lone surrogates too", async () => {
  const messages = everyText().map((body) => exampleMessage({ body }));
  await Promise.all(messages.map(async (message) => (await store().messages.accept(message))._unsafeUnwrap()));
  for (const message of messages) {
    expect((await store().messages.find({ id: message.id }))._unsafeUnwrap()).toEqual(message);
  }
});

it("keeps every code point of a webhook, in the inbox and in the outbox", async () => {
  const webhooks = everyText().map((body) => exampleWebhook({ body }));
  (await store().webhookInbox.add(webhooks, true))._unsafeUnwrap();
  expect(byId((await store().webhookInbox.list({ limit: 100, maxBytes: 1e9 }))._unsafeUnwrap().webhooks)).toEqual(
    byId(webhooks),
  );
  const claimed = (await store().outbox.claim("webhook", { limit: 100, leaseMs: 1000 }))._unsafeUnwrap();
  expect(byId(claimed.map(({ entry }) => entry))).toEqual(byId(webhooks));
});

it("keeps every code point of a parked status, however long", async () => {
  const message = withOutcome(withIntent(exampleMessage()), exampleOutcomes.Accepted);
  (await store().messages.accept(message))._unsafeUnwrap();
  const updates = everyText().map((details) => exampleStatusUpdate({ failure: { ...exampleFailure, details } }));
  (await store().parkedStatuses.park(updates))._unsafeUnwrap();
  expect((await store().parkedStatuses.matched(100))._unsafeUnwrap()).toEqual(expect.arrayContaining(updates));
  (await store().parkedStatuses.drop(updates))._unsafeUnwrap();
  expect((await store().parkedStatuses.matched(100))._unsafeUnwrap()).toEqual([]);
});

/** Texts that together have every UTF-16 code unit, and code points of every plane. */
function everyText(): string[] {
  const units = 0x10_000;
  const texts = Array.from({ length: 16 }, (_, block) =>
    Array.from({ length: units / 16 }, (_, index) => String.fromCharCode((block * units) / 16 + index)).join(""),
  );
  for (let plane = 1; plane <= 16; plane += 1) {
    texts.push(Array.from({ length: 256 }, (_, index) => String.fromCodePoint(plane * units + index * 256)).join(""));
  }
  return texts;
}

function byId(webhooks: readonly ReceivedWebhook[]): ReceivedWebhook[] {
  return webhooks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
