import { describe, expect, it } from "vitest";

import { exampleMessage, exampleOutcomes, exampleTime } from "../../contracts/fixtures.ts";
import { decodeMessage, encodeMessage } from "../../codecs/message.ts";
import type { Failure } from "../failure.ts";
import { beginAttempt, conclude, endAttempt, recoverOrphan, requeue } from "../message-changes.ts";
import type { Message } from "../message.ts";
import type { Outcome } from "../outcome.ts";
import { recordProviderFacts } from "../provider-facts.ts";
import { nextAttemptAt } from "../next-step.ts";
import { earlierConclusions } from "./earlier-conclusions.ts";
import { explain, explainConclusion } from "./explanation.ts";

const { Accepted, CredentialRefused, NotSent, Throttled, Ambiguous } = exampleOutcomes;
const window: Failure = { class: "recipient", code: 131047, title: "the 24-hour window is closed", details: "" };
const Final: Outcome = { kind: "Refused", failure: window, final: true, maybeProcessed: false };
const Passing: Outcome = { ...Final, final: false, failure: { class: "transient", details: "HTTP 503" } };

const later = (ms: number) => new Date(exampleTime.getTime() + ms);
const begun = (message: Message, ms: number) =>
  beginAttempt(message, { startedAt: later(ms), phoneNumberId: "1", spread: 0 });
const ended = (message: Message, number: number, outcome: Outcome, ms: number) =>
  endAttempt(message, number, { at: later(ms), durationMs: 86, outcome });
const reasonOf = (message: Message, number: number) => {
  const attempt = message.attempts[number - 1];
  if (!attempt) throw new Error("There is no such attempt.");
  return explain(message, attempt).reason;
};

const silent =
  "no readable answer arrived (its process ended, or was silent for too long, before it recorded an answer)";
const resend = "the policy is resend: it is repeated, which may send it twice";

/** Its process was silent after the first attempt began. Another one repeated it ten seconds after it had recorded that. */
const repeated = () => begun(recoverOrphan(begun(exampleMessage({ mode: "queued" }), 0), later(41_000)), 51_000);

describe("an outcome that is recorded after the repeat has begun", () => {
  it.each<[Outcome, string]>([
    [Accepted, "WhatsApp accepted it"],
    [Final, "131047, the 24-hour window is closed"],
    [Passing, "HTTP 503"],
    [CredentialRefused, "190, expired"],
    [Throttled, ""],
    [NotSent, "the request was not sent (ECONNREFUSED)"],
  ])("leaves the reason of the repeat as it was: $kind", (outcome, what) => {
    const before = repeated();
    expect(reasonOf(before, 1)).toBe(`repeated after 10 s: ${silent}; ${resend}.`);
    // The answer had arrived before the process was suspended.
    const after = decodeMessage(encodeMessage(ended(before, 1, outcome, 86)));
    expect(reasonOf(after, 1)).toBe(
      `repeated after 10 s: ${silent}; ${resend}. The outcome was recorded later: ${what}.`,
    );
    expect(after.attempts[0]).toMatchObject({
      ended: { outcome },
      earlierEvidence: [{ ended: { outcome: { kind: "Ambiguous" } }, attempts: 2, conclusions: 0 }],
    });
  });

  it("does not change when a later attempt is due", () => {
    const failed = ended(repeated(), 2, NotSent, 52_000);
    expect(nextAttemptAt(ended(failed, 1, Final, 86))).toEqual(nextAttemptAt(failed));
  });

  it("is not taken for late because of another machine's clock", () => {
    const ahead = begun(ended(begun(exampleMessage(), 2000), 1, Passing, 3000), 1000);
    expect(reasonOf(ahead, 1)).toBe("repeated: HTTP 503; this is usually temporary, and nothing was processed.");
  });

  it("says that a webhook reported the failure later, and nothing of that as a reason", () => {
    const report = {
      status: "failed",
      failure: window,
      at: later(60_000),
      attempt: { number: 1, wamid: "w" },
    } as const;
    const reported = recordProviderFacts(repeated(), [report]);
    const failure = "A status webhook later reported that it failed (131047, the 24-hour window is closed).";
    expect(reasonOf(reported, 1)).toBe(`repeated after 10 s: ${silent}; ${resend}. ${failure}`);
    const known = `The outcome was recorded later: the request was not sent (ECONNREFUSED). ${failure}`;
    expect(reasonOf(ended(reported, 1, NotSent, 86), 1)).toBe(`repeated after 10 s: ${silent}; ${resend}. ${known}`);
  });

  it("cannot have been the reason, in a document that does not say what was", () => {
    const known = ended(repeated(), 1, Accepted, 86);
    const attempts = known.attempts.map(({ earlierEvidence: _, ...attempt }) => attempt);
    const reason = "WhatsApp accepted it; this outcome was recorded only after that";
    expect(reasonOf({ ...known, attempts }, 1)).toBe(`repeated after 50.9 s: ${reason}.`);
  });
});

describe("an outcome that is recorded before the repeat begins", () => {
  it("is its reason", () => {
    const known = ended(recoverOrphan(begun(exampleMessage({ mode: "queued" }), 0), later(41_000)), 1, NotSent, 42_000);
    expect(reasonOf(begun(known, 43_000), 1)).toBe(
      "repeated after 1 s: the request was not sent (ECONNREFUSED); nothing was sent, so a repeat is safe.",
    );
    expect(known.attempts[0]).not.toHaveProperty("earlierEvidence");
  });

  it("is what is known when a resend is requested", () => {
    const held = conclude(ended(begun(exampleMessage(), 0), 1, Ambiguous, 10), { as: "held", at: later(20) });
    const known = ended(held, 1, NotSent, 30);
    const resent = begun(requeue(known, later(1000), later(60_000)), 1030);
    expect(reasonOf(resent, 1)).toBe(
      "repeated after 1 s: the request was not sent (ECONNREFUSED); a resend was requested.",
    );
  });
});

describe("a repeat after an attempt that sent nothing", () => {
  it("is not called safe while an earlier one may have been sent", () => {
    const third = begun(
      ended(begun(ended(begun(exampleMessage(), 0), 1, Ambiguous, 10), 1010), 2, NotSent, 1020),
      3020,
    );
    const doubt = "this attempt sent nothing, but an earlier one may have: a repeat may send it twice";
    expect(reasonOf(third, 2)).toBe(`repeated after 2 s: the request was not sent (ECONNREFUSED); ${doubt}.`);
    expect(reasonOf(ended(third, 1, NotSent, 86), 2)).toContain(doubt);
    const safe = /; nothing was sent, so a repeat is safe\.$/;
    const resent: Message = { ...third, resends: [{ at: later(1000), earlierAttempts: 1 }] };
    expect(reasonOf(resent, 2)).toMatch(safe);
  });
});

describe("an outcome that is recorded after the message was concluded", () => {
  const hold = (message: Message): Message => ({ ...message, policy: { ...message.policy, onAmbiguous: "hold" } });
  const held = () => conclude(ended(begun(hold(exampleMessage()), 0), 1, Ambiguous, 10), { as: "held", at: later(20) });
  const rule = "the policy is hold: a message that may have been sent is not repeated.";

  it("does not change why there was no repeat", () => {
    expect(reasonOf(ended(held(), 1, Final, 86), 1)).toBe(
      `not repeated: no readable answer arrived (ECONNRESET); ${rule} The outcome was recorded later: 131047, the 24-hour window is closed.`,
    );
    expect(explainConclusion(ended(held(), 1, Final, 86))).toBe(rule);
  });

  it("says so if WhatsApp accepted it", () => {
    expect(reasonOf(ended(held(), 1, Accepted, 86), 1)).toBe(
      "no readable answer arrived (ECONNRESET), but the outcome was recorded later: WhatsApp accepted it.",
    );
  });

  it("does not change why a success that could not be read was not repeated", () => {
    const mumbled: Outcome = { ...Ambiguous, sawSuccess: true };
    const stopped = conclude(ended(begun(exampleMessage(), 0), 1, mumbled, 10), { as: "held", at: later(20) });
    const report = {
      status: "failed",
      failure: window,
      at: later(60_000),
      attempt: { number: 1, wamid: "w" },
    } as const;
    const reported = recordProviderFacts(stopped, [report]);
    const reason = "a repeat would almost certainly send it twice.";
    expect(explainConclusion(reported)).toBe(reason);
    const resent = requeue(reported, later(70_000), later(90_000));
    expect(earlierConclusions(resent)).toMatchObject([{ as: "held", reason }]);
    // What became known before a conclusion belongs to it.
    expect(explainConclusion(conclude(resent, { as: "held", at: later(80_000) }))).not.toBe(reason);
  });

  it("is the reason of the conclusion that takes the place of that of a crash", () => {
    const cut = recoverOrphan(begun(exampleMessage(), 0), later(41_000));
    const refused = ended(cut, 1, Final, 42_000);
    const reason = "this is final, because it concerns the recipient.";
    expect([refused.conclusion?.as, explainConclusion(refused)]).toEqual(["refused", reason]);
    expect(reasonOf(refused, 1)).toBe(`not repeated: 131047, the 24-hour window is closed; ${reason}`);
  });
});
