import { describe, expect, it } from "vitest";

import {
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  withIntent,
  withOutcome,
  withReport,
} from "../contracts/fixtures.ts";
import { conclude } from "./message-changes.ts";
import type { Message } from "./message.ts";
import { statusEventsOf } from "./status-event.ts";

const at = new Date("2025-11-21T10:00:09.000Z");
const shown = (before: Message | undefined, after: Message) =>
  statusEventsOf(before, after, at).map(({ version, status }) => `${version} ${status}`);

const queued = exampleMessage({ mode: "queued" });
const sending = withIntent(queued);
const sent = withOutcome(sending, exampleOutcomes.Accepted);
const delivered = withReport(sent, "delivered", at);

describe("the status events of a change", () => {
  it("have each version once, from the accept on", () => {
    expect(shown(undefined, queued)).toEqual(["1 queued"]);
    expect(shown(queued, sending)).toEqual(["2 sending"]);
    expect(shown(sending, sent)).toEqual(["3 sent"]);
    expect(shown(sent, delivered)).toEqual(["4 delivered"]);
  });

  it("are two for a message that is stored together with its first attempt", () => {
    const events = statusEventsOf(undefined, withIntent(exampleMessage()), at);
    expect(events.map(({ version, status }) => `${version} ${status}`)).toEqual(["1 queued", "2 sending"]);
  });

  it("are none for a change that nobody can see", () => {
    expect(shown(delivered, withReport(delivered, "sent", exampleTime))).toEqual([]);
    expect(shown(delivered, { ...delivered, revision: delivered.revision + 1 })).toEqual([]);
  });
});

describe("a status event", () => {
  it("says what a caller sees of the message, and nothing of its content", () => {
    const message = exampleMessage({ body: "secret words", tenantId: "t", conversationId: "c" });
    const request = { ...message.request, reference: "order-1", traceparent: "00-1-2-03" };
    const before = withOutcome(withIntent({ ...message, request }), exampleOutcomes.Accepted, exampleTime);
    const [event] = statusEventsOf(before, withReport(before, "delivered", at), at);
    expect(event).toEqual({
      messageId: message.id,
      version: 4,
      at,
      outlet: { tenantId: "t", outletId: "outlet-1" },
      conversationId: "c",
      to: "+628123456789",
      reference: "order-1",
      status: "delivered",
      whatsappMessageId: exampleOutcomes.Accepted.wamid,
      queuedAt: exampleTime,
      sentAt: exampleTime,
      deliveredAt: at,
      traceparent: "00-1-2-03",
    });
    expect(JSON.stringify(event)).not.toContain("secret words");
  });

  it("says why the message failed", () => {
    const before = withOutcome(sending, exampleOutcomes.Accepted);
    const failure = {
      class: "recipient",
      code: 131026,
      title: "t",
      details: "d",
      advice: "a",
      fbtraceId: "x",
    } as const;
    const [event] = statusEventsOf(before, withReport(before, "failed", at, { failure }), at);
    expect(event).toMatchObject({ status: "failed", failedAt: at });
    expect(event?.failure).toEqual({ code: 131026, details: "d", advice: "a" });
  });

  it("says that more than one copy may have arrived, and when the message was given up", () => {
    const twice = withOutcome(withIntent(withOutcome(sending, exampleOutcomes.Ambiguous)), exampleOutcomes.Accepted);
    const [event] = statusEventsOf(sending, { ...twice, version: sending.version + 1 }, at);
    expect(event).toMatchObject({ status: "sent", possibleDuplicate: true });
    const [given] = statusEventsOf(queued, conclude(queued, { as: "canceled", at }), at);
    expect(given).toMatchObject({ status: "canceled" });
  });
});
