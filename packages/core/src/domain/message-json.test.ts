import { describe, expect, it } from "vitest";

import { exampleEntry, exampleMessage, exampleOutcomes, oddText, withIntent } from "../contracts/fixtures.ts";
import { conclude, endAttempt, type Message, recordProviderStatus } from "./message.ts";
import { decodeHistoryEntry, decodeMessage, encodeHistoryEntry, encodeMessage } from "./message-json.ts";

const at = new Date("2025-11-21T10:00:00.123Z");
const ended = (message: Message, outcome: (typeof exampleOutcomes)[keyof typeof exampleOutcomes]) =>
  endAttempt(withIntent(message), message.attempts.length + 1, { at, durationMs: 7, outcome });

const messages: Record<string, Message> = {
  "as it is accepted": exampleMessage({ body: oddText, key: { key: "k", fingerprint: "f" } }),
  "in flight": withIntent(exampleMessage()),
  "concluded, with a time to retry": conclude(ended(exampleMessage(), exampleOutcomes.Throttled), {
    as: "throttled",
    at,
    retryAt: new Date(at.getTime() + 1),
  }),
  "read, with a failure": recordProviderStatus(
    recordProviderStatus(ended(exampleMessage(), exampleOutcomes.Accepted), "read", at),
    "failed",
    at,
    exampleOutcomes.Refused.failure,
  ),
  ...Object.fromEntries(
    Object.entries(exampleOutcomes).map(([kind, outcome]) => [`after ${kind}`, ended(exampleMessage(), outcome)]),
  ),
};

describe("a message through JSON", () => {
  it.each(Object.entries(messages))("%s is what it was", (_, message) => {
    expect(decodeMessage(encodeMessage(message))).toStrictEqual(message);
  });
});

describe("a history entry through JSON", () => {
  it.each([exampleEntry({ body: oddText }), { ...exampleEntry(), sentAt: at, traceparent: "00-1-1-01" }])(
    "is what it was",
    (entry) => {
      expect(decodeHistoryEntry(encodeHistoryEntry(entry))).toStrictEqual(entry);
    },
  );
});
