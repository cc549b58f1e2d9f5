import { describe, expect, it } from "vitest";

import {
  exampleEntry,
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  oddText,
  withIntent,
  withOutcome,
  withReport,
} from "../../contracts/fixtures.ts";
import { decodeHistoryEntry, encodeHistoryEntry } from "../../codecs/history-entry.ts";
import { historyEntryOf } from "./history-entry.ts";

const intended = withIntent(exampleMessage());
const sent = withOutcome(intended, exampleOutcomes.Accepted);

describe("history entries", () => {
  it("say once that a message was sent", () => {
    const delivered = withReport(sent, "delivered", exampleTime);
    expect(historyEntryOf(intended, sent)).toBeDefined();
    expect(historyEntryOf(sent, delivered)).toBeUndefined();
  });

  it("are the same when a webhook knew it first", () => {
    const entry = historyEntryOf(intended, withReport(intended, "sent", exampleTime));
    expect(entry).toMatchObject({ messageId: intended.id, correction: false, status: "sent", sentAt: exampleTime });
  });

  it("do not exist for a message that was not sent", () => {
    for (const outcome of [exampleOutcomes.Refused, exampleOutcomes.Ambiguous, exampleOutcomes.NotSent]) {
      expect(historyEntryOf(intended, withOutcome(intended, outcome))).toBeUndefined();
    }
  });

  it("contain the trace context of the request", () => {
    const traced = { ...intended, request: { ...intended.request, traceparent: "00-1-2-01" } };
    const entry = historyEntryOf(traced, withOutcome(traced, exampleOutcomes.Accepted));
    expect(entry?.traceparent).toBe("00-1-2-01");
  });
});

describe("a history entry through JSON", () => {
  it.each([exampleEntry({ body: oddText }), { ...exampleEntry(), sentAt: exampleTime, traceparent: "00-1-1-01" }])(
    "is what it was",
    (entry) => {
      expect(decodeHistoryEntry(encodeHistoryEntry(entry))).toStrictEqual(entry);
    },
  );
});
