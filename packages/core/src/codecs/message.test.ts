import { describe, expect, it } from "vitest";

import { exampleMessage, exampleOutcomes, oddText, withIntent, withReport } from "../contracts/fixtures.ts";
import {
  conclude,
  endAttempt,
  holdBack,
  replayHistory,
  requeue,
  resume,
  recoverOrphan,
} from "../domain/message-changes.ts";
import { recordProviderFacts } from "../domain/provider-facts.ts";
import type { Message } from "../domain/message.ts";
import { decodeMessage, encodeMessage } from "./message.ts";

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
  "cut off and resumed": resume(recoverOrphan(withIntent(exampleMessage()), at), new Date(at.getTime() + 1)),
  "given to the queue anew": requeue(recoverOrphan(withIntent(exampleMessage()), at), at, new Date(at.getTime() + 2)),
  "with an outcome that was recorded after a repeat": endAttempt(
    withReport(withIntent(ended(exampleMessage(), exampleOutcomes.Ambiguous)), "failed", at, { number: 1 }),
    1,
    { at: new Date(at.getTime() + 1), durationMs: 7, outcome: exampleOutcomes.Throttled },
  ),
  "held back in the queue": holdBack(exampleMessage({ mode: "queued" }), at),
  "told to the history anew": replayHistory(ended(exampleMessage(), exampleOutcomes.Accepted), at, true, "key_a"),
  "charged for": recordProviderFacts(ended(exampleMessage(), exampleOutcomes.Accepted), [
    {
      status: "delivered",
      at,
      attempt: { number: 1, wamid: "wamid.1" },
      pricing: { billable: false, model: "PMP", category: oddText, type: "regular" },
    },
  ]),
  "read, with a failure": withReport(
    withReport(ended(exampleMessage(), exampleOutcomes.Accepted), "read", at),
    "failed",
    at,
    { failure: exampleOutcomes.Refused.failure },
  ),
  ...Object.fromEntries(
    Object.entries(exampleOutcomes).map(([kind, outcome]) => [`after ${kind}`, ended(exampleMessage(), outcome)]),
  ),
};

describe("a message through JSON", () => {
  it.each(Object.entries(messages))("%s is what it was", (_, message) => {
    expect(decodeMessage(encodeMessage(message))).toStrictEqual(message);
  });

  it.each(Object.entries(messages))("%s is encoded as JSON encodes it", (_, message) => {
    expect(encodeMessage(message)).toBe(JSON.stringify(message));
  });
});
