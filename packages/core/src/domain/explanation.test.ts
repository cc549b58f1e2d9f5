import { describe, expect, it } from "vitest";

import { exampleMessage, exampleOutcomes, exampleTime, withIntent, withOutcome } from "../contracts/fixtures.ts";
import { explain } from "./explanation.ts";
import { conclude, type ConclusionReason, type Message } from "./message.ts";
import type { Outcome } from "./outcome.ts";

const { Accepted, Refused, Throttled, NotSent, Ambiguous, CredentialRefused } = exampleOutcomes;
const failure = { class: "recipient", code: 131026, httpStatus: 400, details: "Message undeliverable." } as const;
const passing: Outcome = { kind: "Refused", failure, final: false, maybeProcessed: false };

function explained(outcome: Outcome, { as, again }: { as?: ConclusionReason; again?: Outcome } = {}) {
  let message: Message = withOutcome(withIntent(exampleMessage()), outcome);
  if (again) message = withOutcome(withIntent(message), again);
  if (as) message = conclude(message, { as, at: exampleTime });
  const [first] = message.attempts;
  return first && explain(message, first);
}

describe("the explanation of an attempt", () => {
  it("has no decision while it is in flight", () => {
    const message = withIntent(exampleMessage());
    const [attempt] = message.attempts;
    expect(attempt && explain(message, attempt).decision).toBe("pending");
  });

  it("names WhatsApp's code and words", () => {
    expect(explained({ ...passing, final: true }, { as: "refused" })).toEqual({
      decision: "stop",
      reason: "error 131026: Message undeliverable.; not repeated: repeating cannot help",
    });
  });

  it.each([
    [passing, "it may pass"],
    [{ ...passing, maybeProcessed: true }, "may send twice"],
    [CredentialRefused, "other credentials"],
    [Throttled, "the limit of the pair passes"],
    [NotSent, "nothing was sent"],
    [Ambiguous, "the policy is resend, which may send twice"],
  ] as const)("says why it is repeated: $0.kind", (outcome, reason) => {
    for (const again of [undefined, Accepted]) {
      const explanation = explained(outcome, { ...(again && { again }) });
      expect(explanation?.decision).toBe("repeat");
      expect(explanation?.reason).toContain(reason);
    }
  });

  it.each([
    [Refused, "exhausted", "deadline"],
    [{ ...NotSent, final: true }, "exhausted", "repeating cannot help"],
    [CredentialRefused, "refused", "no other credentials"],
    [Ambiguous, "held", "the policy is resend"],
    [{ ...Ambiguous, sawSuccess: true }, "held", "answered with success"],
    [Throttled, "throttled", "after the deadline"],
    [passing, "interrupted", "shut down"],
    [passing, "canceled", "canceled"],
  ] as const)("says why it is not repeated: $0.kind, $1", (outcome, as, reason) => {
    const explanation = explained(outcome, { as });
    expect(explanation?.decision).toBe("stop");
    expect(explanation?.reason).toContain(reason);
  });
});
