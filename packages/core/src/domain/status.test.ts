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
import type { ConclusionReason, Message, ProviderStatus } from "./message.ts";
import type { Outcome } from "./outcome.ts";
import {
  hasOpenAmbiguity,
  isPossibleDuplicate,
  holdsQuotaUnit,
  type MessageStatus,
  statusOf,
  wamidsOf,
} from "./status.ts";
import { failedAtOf, failureOfMessage } from "./visible-facts.ts";

const { Accepted, Refused, Throttled, NotSent, Ambiguous, CredentialRefused } = exampleOutcomes;
const refused: Outcome = { ...Refused, maybeProcessed: false };

const reasons: readonly ConclusionReason[] = [
  "exhausted",
  "refused",
  "held",
  "throttled",
  "interrupted",
  "cut off",
  "expired",
  "canceled",
  "abandoned",
];

interface Facts {
  readonly outcomes?: readonly Outcome[];
  readonly inFlight?: boolean;
  readonly concluded?: ConclusionReason;
  readonly reported?: readonly ProviderStatus[];
}

function messageWith({ outcomes = [], inFlight = false, concluded, reported = [] }: Facts): Message {
  let message = exampleMessage();
  for (const outcome of outcomes) message = withOutcome(withIntent(message), outcome);
  if (inFlight) message = withIntent(message);
  if (concluded) message = conclude(message, { as: concluded, at: exampleTime });
  for (const status of reported) message = withReport(message, status);
  return message;
}

describe("the status of a message", () => {
  const rows: readonly (readonly [string, Facts, MessageStatus])[] = [
    ["read", { outcomes: [Accepted], reported: ["sent", "read"] }, "read"],
    ["played", { inFlight: true, reported: ["played", "failed"] }, "read"],
    ["read before it was delivered", { inFlight: true, reported: ["read"] }, "read"],
    ["delivered", { outcomes: [Accepted], reported: ["delivered"] }, "delivered"],
    ["delivered and failed", { outcomes: [Ambiguous], reported: ["failed", "delivered"] }, "delivered"],
    ["failed by webhook", { outcomes: [Accepted], reported: ["sent", "failed"] }, "failed"],
    ["sent by webhook after an attempt without an answer", { outcomes: [Ambiguous], reported: ["sent"] }, "sent"],
    ["sent by webhook before its own answer", { inFlight: true, reported: ["sent"] }, "sent"],
    ["accepted", { outcomes: [refused, Accepted] }, "sent"],
    ["held, then sent by webhook", { outcomes: [Ambiguous], concluded: "held", reported: ["sent"] }, "sent"],
    ["abandoned with an open ambiguity", { outcomes: [Ambiguous], concluded: "abandoned" }, "failed"],
    ["canceled", { concluded: "canceled" }, "canceled"],
    ["expired", { outcomes: [Throttled], concluded: "expired" }, "expired"],
    ["in flight", { inFlight: true }, "sending"],
    ["in flight again", { outcomes: [refused], inFlight: true }, "sending"],
    ["without an attempt", {}, "queued"],
    ["between attempts", { outcomes: [Ambiguous, NotSent] }, "queued"],
  ];

  it.each(rows)("when it is %s", (_, facts, status) => {
    expect(statusOf(messageWith(facts))).toBe(status);
  });

  it.each(reasons.filter((as) => as !== "abandoned"))(
    "is unknown when it is concluded as %s while an answer is missing",
    (as) => {
      expect(statusOf(messageWith({ outcomes: [refused, Ambiguous, NotSent], concluded: as }))).toBe("unknown");
    },
  );

  it.each(["exhausted", "refused", "held", "throttled", "interrupted", "cut off", "abandoned"] as const)(
    "is failed when it is concluded as %s and nothing was sent",
    (as) => {
      expect(statusOf(messageWith({ outcomes: [Refused, Throttled, NotSent], concluded: as }))).toBe("failed");
    },
  );
});

describe("the unit of quota", () => {
  const rows: readonly (readonly [string, Facts, boolean])[] = [
    ["stays while the message is not concluded", { outcomes: [refused] }, true],
    ["stays while an attempt is in flight", { inFlight: true, concluded: "canceled" }, true],
    ["stays when it was accepted", { outcomes: [Accepted] }, true],
    [
      "stays when a webhook says that it was sent",
      { outcomes: [Ambiguous], concluded: "held", reported: ["sent"] },
      true,
    ],
    ["stays when it is sent and failed later", { outcomes: [Accepted], reported: ["failed"] }, true],
    ["stays when it is abandoned", { outcomes: [Ambiguous], concluded: "abandoned" }, true],
    ["stays when it is abandoned after a refusal", { outcomes: [refused], concluded: "abandoned" }, true],
    ["goes back when the last error may have been processed", { outcomes: [Refused], concluded: "exhausted" }, false],
    ["goes back when nobody answered because nothing left", { outcomes: [NotSent], concluded: "exhausted" }, false],
  ];

  it.each(rows)("%s", (_, facts, kept) => {
    expect(holdsQuotaUnit(messageWith(facts))).toBe(kept);
  });

  it.each(reasons)("after %s stays with an open ambiguity", (as) => {
    expect(holdsQuotaUnit(messageWith({ outcomes: [Ambiguous, refused], concluded: as }))).toBe(true);
  });

  it.each(reasons.filter((as) => as !== "abandoned"))("after %s goes back when nothing was sent", (as) => {
    expect(holdsQuotaUnit(messageWith({ outcomes: [refused, CredentialRefused], concluded: as }))).toBe(false);
  });
});

describe("what is shown beside the status", () => {
  it("is a possible duplicate when more than one attempt may have arrived", () => {
    const duplicates = [
      [Ambiguous, Accepted],
      [Refused, Accepted],
      [Ambiguous, Ambiguous],
    ];
    for (const outcomes of duplicates) expect(isPossibleDuplicate(messageWith({ outcomes }))).toBe(true);
    for (const other of [refused, NotSent, Throttled, CredentialRefused]) {
      expect(isPossibleDuplicate(messageWith({ outcomes: [other, Accepted] }))).toBe(false);
    }
  });

  it("has an open ambiguity until something settles it", () => {
    expect(hasOpenAmbiguity(messageWith({ outcomes: [Ambiguous, refused] }))).toBe(true);
    expect(hasOpenAmbiguity(messageWith({ outcomes: [Ambiguous, Accepted] }))).toBe(true);
    expect(hasOpenAmbiguity(messageWith({ outcomes: [Ambiguous], reported: ["failed"] }))).toBe(false);
    expect(hasOpenAmbiguity(messageWith({ outcomes: [Refused] }))).toBe(false);
  });

  it("has every id that WhatsApp gave it", () => {
    const again = { ...Accepted, wamid: "wamid.2" };
    expect(wamidsOf(messageWith({ outcomes: [Accepted, again] }))).toEqual([Accepted.wamid, "wamid.2"]);
  });

  it("says when it failed, even if it was delivered all the same", () => {
    expect(failedAtOf(messageWith({ outcomes: [Accepted], reported: ["failed"] }))).toEqual(exampleTime);
    expect(failedAtOf(messageWith({ outcomes: [refused], concluded: "refused" }))).toEqual(exampleTime);
    expect(failedAtOf(messageWith({ outcomes: [Accepted], reported: ["failed", "delivered"] }))).toEqual(exampleTime);
    expect(failedAtOf(messageWith({ outcomes: [Ambiguous], concluded: "held" }))).toBeUndefined();
  });

  it("is WhatsApp's latest failure", () => {
    expect(failureOfMessage(messageWith({ outcomes: [CredentialRefused, refused] }))).toEqual(Refused.failure);
    expect(failureOfMessage(messageWith({ outcomes: [refused, NotSent] }))).toEqual(Refused.failure);
    expect(failureOfMessage(messageWith({ outcomes: [Ambiguous, NotSent] }))).toBeUndefined();
    const reported = withReport(messageWith({ outcomes: [Accepted] }), "failed", exampleTime, {
      failure: Throttled.failure,
    });
    expect(failureOfMessage(reported)).toEqual(Throttled.failure);
  });
});
