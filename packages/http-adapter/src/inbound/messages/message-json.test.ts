import type { Message } from "@message-sender/core";
import type { Outcome } from "@message-sender/core/adapter";
import {
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  withIntent,
  withOutcome,
  withReport,
} from "@message-sender/core/contracts";
import { describe, expect, it } from "vitest";

import { recordJson, sentJson } from "./message-json.ts";

const later = (ms: number) => new Date(exampleTime.getTime() + ms);
const failure = {
  class: "throttled",
  code: 131056,
  title: "too many",
  httpStatus: 400,
  details: "Pair rate limit hit.",
  fbtraceId: "AbC",
} as const;

/** The record as a client reads it. */
function recordOf(message: Message) {
  return JSON.parse(JSON.stringify(recordJson(message))) as Record<string, unknown>;
}

const attemptsOf = (...outcomes: readonly Outcome[]) =>
  recordOf(outcomes.reduce((before, outcome) => withOutcome(withIntent(before), outcome), exampleMessage()))[
    "attempts"
  ];

describe("the ledger", () => {
  it("shows WhatsApp's answer to a refused attempt, the decision and its reason", () => {
    expect(attemptsOf({ kind: "Throttled", scope: "pair", failure })).toEqual([
      {
        number: 1,
        started_at: exampleTime.toISOString(),
        duration_ms: 87,
        outcome: "throttled",
        dispatched: true,
        http_status: 400,
        code: 131056,
        details: "Pair rate limit hit.",
        fbtrace_id: "AbC",
        class: "throttled",
        scope: "pair",
        decision: "repeat",
        reason: expect.stringMatching(/^to be repeated after 1\.1 s: 131056, too many; /),
      },
    ]);
  });

  it.each<[string, Outcome, object]>([
    ["accepted", { ...exampleOutcomes.Accepted, httpStatus: 200 }, { dispatched: true, http_status: 200 }],
    ["not_sent", exampleOutcomes.NotSent, { dispatched: false, details: "ECONNREFUSED" }],
    [
      "ambiguous",
      { ...exampleOutcomes.Ambiguous, httpStatus: 502 },
      { dispatched: true, details: "ECONNRESET", http_status: 502 },
    ],
    ["credential_refused", exampleOutcomes.CredentialRefused, { dispatched: true, class: "credentials", code: 190 }],
    ["refused", exampleOutcomes.Refused, { dispatched: true, class: "recipient", http_status: 400 }],
  ])("says whether the request was dispatched: %s", (outcome, ended, fields) => {
    expect(attemptsOf(ended)).toMatchObject([{ outcome, ...fields }]);
    expect(JSON.stringify(attemptsOf(ended))).not.toContain("scope");
  });

  it("shows the outcome that a repeat was decided on, if another one was recorded after that", () => {
    const lost = { ...exampleOutcomes.Ambiguous, httpStatus: 502 };
    const repeated = withIntent(withOutcome(withIntent(exampleMessage()), lost));
    const attemptOf = (message: Message) => (recordOf(message)["attempts"] as object[])[0];
    expect(attemptOf(repeated)).not.toHaveProperty("decided_on");
    const accepted = { ...exampleOutcomes.Accepted, httpStatus: 200 };
    expect(attemptOf(withOutcome(repeated, accepted, later(10), 1))).toMatchObject({
      outcome: "accepted",
      http_status: 200,
      duration_ms: 87,
      decided_on: { at: exampleTime.toISOString(), outcome: "ambiguous", http_status: 502, details: "ECONNRESET" },
      decision: "repeat",
      reason: expect.stringMatching(/may send it twice\. The outcome was recorded later: WhatsApp accepted it\.$/),
    });
  });

  it("says which attempt another store may have made", () => {
    const made = withOutcome(withIntent(exampleMessage()), exampleOutcomes.Ambiguous);
    const presumed = { ...made, attempts: made.attempts.map((attempt) => ({ ...attempt, presumed: true as const })) };
    expect(recordOf(presumed)["attempts"]).toMatchObject([{ number: 1, presumed: true, outcome: "ambiguous" }]);
    expect((recordOf(made)["attempts"] as object[])[0]).not.toHaveProperty("presumed");
  });

  it("does not say whether an attempt in flight was dispatched", () => {
    const [attempt] = recordOf(withIntent(exampleMessage()))["attempts"] as object[];
    expect(attempt).toMatchObject({ outcome: "in_flight", decision: "pending" });
    expect(attempt).not.toHaveProperty("dispatched");
  });
});

describe("webhook reports", () => {
  it("are shown for the deciding attempt, and in the ledger of each attempt", () => {
    const twice = withOutcome(withIntent(withOutcome(withIntent(exampleMessage()), exampleOutcomes.Refused)), {
      ...exampleOutcomes.Accepted,
      wamid: "wamid.2",
    });
    const delivered = withReport(twice, "delivered", later(2000), { pricing: { category: "utility" } });
    const message = withReport(delivered, "failed", later(1000), { number: 1, wamid: "wamid.1", failure });
    const record = recordOf(message);
    expect(record).toMatchObject({
      status: "delivered",
      delivered_at: later(2000).toISOString(),
      whatsapp_message_id: "wamid.2",
      whatsapp_message_ids: ["wamid.1", "wamid.2"],
      pricing: { category: "utility" },
      possible_duplicate: true,
    });
    expect(record).not.toHaveProperty("failed_at");
    expect(record).not.toHaveProperty("failure");
    expect((record["attempts"] as Record<string, unknown>[]).map((attempt) => attempt["whatsapp_statuses"])).toEqual([
      [
        {
          whatsapp_message_id: "wamid.1",
          failed_at: later(1000).toISOString(),
          failure: { code: 131056, details: "Pair rate limit hit." },
        },
      ],
      [{ whatsapp_message_id: "wamid.2", delivered_at: later(2000).toISOString() }],
    ]);
    expect(sentJson(message)).toMatchObject({ status: "delivered", whatsapp_message_id: "wamid.2" });
  });

  it("keep a failure visible after a delivery has overridden it", () => {
    const sent = withOutcome(withIntent(exampleMessage()), exampleOutcomes.Accepted);
    const failed = withReport(sent, "failed", later(1000), { failure });
    const record = recordOf(withReport(failed, "read", later(2000)));
    expect(record).toMatchObject({ status: "read", failed_at: later(1000).toISOString(), failure: { code: 131056 } });
  });
});

describe("the conclusion of a message", () => {
  it("is in its record with its reason, and so are conclusions that were lifted", () => {
    const held = { as: "held", at: later(1000) } as const;
    const retryAt = later(60_000);
    const record = recordOf({
      ...exampleMessage(),
      liftedConclusions: [{ ...held, liftedAt: later(2000) }],
      conclusion: { as: "throttled", at: later(3000), retryAt, heldBack: { because: "limit", reason: "full" } },
    });
    expect(record).toMatchObject({
      lifted_conclusions: [
        {
          as: "held",
          at: later(1000).toISOString(),
          reason: "the policy is resend: a message that may have been sent is not repeated.",
          lifted_at: later(2000).toISOString(),
          lifted_by: "repeat",
        },
      ],
      conclusion: {
        as: "throttled",
        at: later(3000).toISOString(),
        reason: `it was held back: full. Try again from ${retryAt.toISOString()}.`,
      },
    });
  });

  it("is missing from the record of a message in progress", () => {
    const record = recordOf(exampleMessage());
    expect(record).not.toHaveProperty("conclusion");
    expect(record).not.toHaveProperty("lifted_conclusions");
  });
});
