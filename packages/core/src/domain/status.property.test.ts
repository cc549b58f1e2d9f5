import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { exampleMessage, exampleOutcomes, exampleTime, withIntent } from "../contracts/fixtures.ts";
import { conclude, endAttempt, requeue } from "./message-changes.ts";
import { type ProviderFact, recordProviderFacts } from "./provider-facts.ts";
import type { ConclusionReason, Message, ProviderStatus } from "./message.ts";
import type { Outcome } from "./outcome.ts";
import { hasOpenAmbiguity, isSent, holdsQuotaUnit, type MessageStatus, statusOf } from "./status.ts";
import { acceptedAttempt, deliveryTimesOf, failedAtOf } from "./visible-facts.ts";

/** A document as it can come about: each attempt ended in something or is the last and in flight, and what webhooks said. */
interface Facts {
  readonly attempts: readonly { readonly outcome: Outcome | undefined; readonly said: readonly ProviderStatus[] }[];
  readonly concluded: ConclusionReason | undefined;
}

const { Accepted, Refused, Throttled, NotSent, Ambiguous, CredentialRefused } = exampleOutcomes;
const statuses = ["sent", "delivered", "read", "played", "failed"] as const satisfies readonly ProviderStatus[];
const outcomes: readonly Outcome[] = [Accepted, Refused, Throttled, NotSent, Ambiguous, CredentialRefused];

const said = fc.subarray([...statuses]);
const ended = fc.record({ outcome: fc.constantFrom<Outcome | undefined>(...outcomes), said });
const last = fc.record({ outcome: fc.constantFrom<Outcome | undefined>(...outcomes, undefined), said });
const reasons: readonly ConclusionReason[] = ["exhausted", "refused", "held", "expired", "canceled", "abandoned"];
const facts: fc.Arbitrary<Facts> = fc.record({
  attempts: fc
    .tuple(fc.array(ended, { maxLength: 3 }), fc.option(last, { nil: undefined }))
    .map(([before, after]) => (after ? [...before, after] : before)),
  concluded: fc.constantFrom<ConclusionReason | undefined>(undefined, undefined, ...reasons),
});

function messageOf({ attempts, concluded }: Facts): Message {
  let message = exampleMessage();
  for (const [index, { outcome }] of attempts.entries()) {
    message = withIntent(message);
    if (outcome)
      message = endAttempt(message, index + 1, { at: exampleTime, durationMs: 1, outcome: named(outcome, index) });
  }
  if (concluded) message = conclude(message, { as: concluded, at: exampleTime });
  return recordProviderFacts(message, factsOf(attempts));
}

function factsOf(attempts: Facts["attempts"]): readonly ProviderFact[] {
  return attempts.flatMap((attempt, index) => attempt.said.map((status) => reportOf(index, status)));
}

function reportOf(index: number, status: ProviderStatus): ProviderFact {
  return { status, at: new Date(1000 * (index + 1)), attempt: { number: index + 1, wamid: `wamid.${index + 1}` } };
}

function named(outcome: Outcome, index: number): Outcome {
  return outcome.kind === "Accepted" ? { ...outcome, wamid: `wamid.${index + 1}` } : outcome;
}

/** The table of the contract, written by hand: first match wins. */
function oracle(message: Message): MessageStatus {
  const rows = message.attempts.map((attempt) => {
    const kind = attempt.ended?.outcome.kind;
    const reported = Object.keys(attempt.reports?.[0]?.statuses ?? {});
    const says = (...names: string[]): boolean => names.some((name) => reported.includes(name));
    const isRefused = kind === "Refused" || kind === "Throttled" || kind === "CredentialRefused";
    const isDead = !says("delivered", "read", "played") && (says("failed") || (isRefused && !says("sent")));
    const isTaken = kind === "Accepted" || says("sent", "delivered", "read", "played");
    return {
      says,
      isTaken,
      isAlive: isTaken && !isDead,
      isInFlight: !kind,
      isOpen: kind === "Ambiguous" && reported.length === 0,
    };
  });
  const as = message.conclusion?.as;
  const hasEnded = as !== undefined || rows.some(({ isTaken }) => isTaken);
  if (rows.some(({ says }) => says("read", "played"))) return "read";
  if (rows.some(({ says }) => says("delivered"))) return "delivered";
  if (rows.some(({ isAlive }) => isAlive)) return "sent";
  if (as === "abandoned") return "failed";
  if (rows.some(({ isInFlight }) => isInFlight)) return "sending";
  if (hasEnded && rows.some(({ isOpen }) => isOpen)) return "unknown";
  if (as === "canceled" || as === "expired") return as;
  return hasEnded ? "failed" : "queued";
}

describe("the status of any document", () => {
  it("is what the table says", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const message = messageOf(given);
        expect(statusOf(message)).toBe(oracle(message));
      }),
      { numRuns: 500 },
    );
  });

  it("is the same in whatever order webhooks come, however often", () => {
    const orders = facts.chain((given) => {
      const events = factsOf(given.attempts);
      const many = [...events, ...events];
      const anyOrder = fc.shuffledSubarray(many, { minLength: many.length });
      return fc.record({ given: fc.constant(given), one: anyOrder, other: anyOrder });
    });
    fc.assert(
      fc.property(orders, ({ given, one, other }) => {
        const begun = messageOf({ ...given, attempts: given.attempts.map((attempt) => ({ ...attempt, said: [] })) });
        const [first, second] = [one, other].map((events) =>
          shown(events.reduce((message, event) => recordProviderFacts(message, [event]), begun)),
        );
        expect(first).toEqual(second);
      }),
    );
  });
});

describe("what is shown", () => {
  it("is that of the deciding attempt: reports about a worse one do not change it", () => {
    fc.assert(
      fc.property(facts, fc.nat({ max: 3 }), fc.constantFrom("failed" as const), (given, index, status) => {
        const message = messageOf(given);
        const decides = acceptedAttempt(message)?.wamid;
        if (!isSent(message) || decides === `wamid.${index + 1}`) return;
        const after = recordProviderFacts(message, [reportOf(index, status)]);
        expect(shownOf(after)).toEqual(shownOf(message));
      }),
      { numRuns: 500 },
    );
  });

  it("has the wamid and the times of one and the same attempt", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const message = messageOf(given);
        const number = Number(acceptedAttempt(message)?.wamid.split(".")[1]);
        if (Number.isNaN(number)) return;
        const { deliveredAt = reportOf(number - 1, "delivered").at, readAt = deliveredAt } = deliveryTimesOf(message);
        expect([deliveredAt, readAt]).toEqual([new Date(1000 * number), new Date(1000 * number)]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a message that is resent", () => {
  it("is tried again after any outcome, and keeps its unit while it may have been sent", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const message = messageOf(given);
        const resent = requeue(message, exampleTime, exampleTime, "block-2");
        if (resent === message) return;
        expect(["unknown", "failed"]).toContain(statusOf(message));
        expect([statusOf(resent), resent.mode, resent.conclusion]).toEqual(["queued", "queued", undefined]);
        expect(holdsQuotaUnit(resent)).toBe(true);
        expect(hasOpenAmbiguity(resent)).toBe(hasOpenAmbiguity(message));
      }),
      { numRuns: 500 },
    );
  });
});

/** All but the time of sending, which stays as it was shown first. */
function shown(message: Message) {
  const { sentAt: _, ...rest } = shownOf(message);
  return { ...rest, failedAt: failedAtOf(message), attempts: message.attempts };
}

function shownOf(message: Message) {
  const { sentAt } = message;
  return { status: statusOf(message), accepted: acceptedAttempt(message), arrival: deliveryTimesOf(message), sentAt };
}
