import { describe, expect, it } from "vitest";

import { exampleMessage, exampleOutcomes, exampleTime, withIntent } from "../../contracts/fixtures.ts";
import { earlierConclusions } from "./earlier-conclusions.ts";
import { explain, explainConclusion } from "./explanation.ts";
import type { Failure, FailureClass } from "../failure.ts";
import { abandon, beginAttempt, conclude, endAttempt, requeue, resume } from "../message-changes.ts";
import { recordProviderFacts } from "../provider-facts.ts";
import type { Conclusion, Message } from "../message.ts";
import { nextAttemptAt } from "../next-step.ts";
import type { Accepted, Ambiguous, Outcome, Refused, Throttled, ThrottleScope } from "../outcome.ts";

const { NotSent } = exampleOutcomes;
const window: Failure = {
  class: "recipient",
  code: 131047,
  title: "the 24-hour window is closed",
  details: "Message failed to send because more than 24 hours have passed.",
  advice: "Send a template.",
};
const trouble: Failure = {
  class: "transient",
  code: 131016,
  title: "a service of WhatsApp's is not available",
  details: "Service unavailable.",
  advice: "Ask Meta.",
};
const Final: Refused = { kind: "Refused", failure: window, final: true, maybeProcessed: false };
const Passing: Refused = {
  kind: "Refused",
  failure: { class: "transient", httpStatus: 503, details: "HTTP 503 without a Graph error" },
  final: false,
  maybeProcessed: false,
};
const MaybeProcessed: Refused = { kind: "Refused", failure: trouble, final: false, maybeProcessed: true };
const Lost: Ambiguous = { kind: "Ambiguous", sawSuccess: false, cause: "connection reset" };
const Mumbled: Ambiguous = { kind: "Ambiguous", sawSuccess: true, cause: "response cut short", httpStatus: 200 };
const Expired: Outcome = {
  kind: "CredentialRefused",
  failure: {
    class: "credentials",
    code: 190,
    title: "the access token has expired",
    details: "",
    advice: "New token.",
  },
};
const throttled = (scope: ThrottleScope, code = 130429, title = "the number's throughput is reached"): Throttled => ({
  kind: "Throttled",
  scope,
  failure: { class: "throttled", code, title, details: "" },
});
const accepted = (messageStatus?: string): Accepted => ({
  kind: "Accepted",
  wamid: "wamid.1",
  ...(messageStatus !== undefined && { messageStatus }),
});

const later = (ms: number) => new Date(exampleTime.getTime() + ms);

/** A message whose attempts ended so, a second apart, by the schedule 0, 1, 2 and 4 s without jitter. */
function tried(outcomes: readonly Outcome[], policy: Partial<Message["policy"]> = {}): Message {
  const message = exampleMessage();
  const start: Message = { ...message, policy: { ...message.policy, ...policy } };
  return outcomes.reduce((before, outcome, index) => {
    const startedAt = later(index * 1000);
    const attempt = { number: index + 1, startedAt, phoneNumberId: "1", spread: 0 };
    const ended = { at: later(index * 1000 + 10), durationMs: 10, outcome };
    return { ...before, attempts: [...before.attempts, { ...attempt, ended }] };
  }, start);
}

function explained(message: Message, number = message.attempts.length) {
  const attempt = message.attempts[number - 1];
  if (!attempt) throw new Error("There is no such attempt.");
  return explain(message, attempt);
}

const begunAgain = (message: Message) => beginAttempt(message, { startedAt: later(15_000), spread: 0 });

const concluded = (message: Message, conclusion: Omit<Conclusion, "at">) =>
  conclude(message, { ...conclusion, at: later(9000) });

describe("an attempt that is over", () => {
  it.each([
    [undefined, "WhatsApp accepted it."],
    ["accepted", "WhatsApp accepted it."],
    [
      "held_for_quality_assessment",
      "WhatsApp accepted it and holds it for quality assessment: it will be sent or fail later.",
    ],
    ["paused", "WhatsApp accepted it and paused it: it will be sent or fail later."],
    ["something_new", "WhatsApp accepted it, with the status something_new."],
  ])("is done when WhatsApp accepted it, message_status %s", (messageStatus, reason) => {
    expect(explained(tried([accepted(messageStatus)]))).toEqual({ decision: "done", reason });
  });

  it("has no decision while it is in flight", () => {
    expect(explained(withIntent(exampleMessage()))).toEqual({ decision: "pending", reason: "no answer yet" });
  });
});

describe("evidence by a status webhook", () => {
  const proven = (message: Message, number: number) =>
    recordProviderFacts(message, [{ status: "sent", at: later(5000), attempt: { number, wamid: "wamid.9" } }]);

  it("settles an attempt that has no answer yet", () => {
    expect(explained(proven(withIntent(exampleMessage()), 1))).toEqual({
      decision: "done",
      reason: "no answer yet, but a status webhook proved that WhatsApp accepted it.",
    });
  });

  it.each([
    [Lost, "no readable answer arrived (connection reset), but a status webhook proved that WhatsApp accepted it."],
    [
      MaybeProcessed,
      "131016, a service of WhatsApp's is not available, but a status webhook proved that WhatsApp accepted it.",
    ],
  ])("settles an attempt that is open: $kind", (outcome, reason) => {
    expect(explained(proven(tried([outcome]), 1))).toEqual({ decision: "done", reason });
    const held = concluded(tried([outcome]), { as: "held" });
    expect(explained(proven(held, 1))).toEqual({ decision: "done", reason });
  });

  it("says so if the attempt had been repeated before", () => {
    expect(explained(proven(tried([Lost, accepted()]), 1), 1)).toEqual({
      decision: "repeat",
      reason:
        "repeated after 990 ms: no readable answer arrived (connection reset); the policy is resend: it is repeated, which may send it twice. A status webhook later proved that WhatsApp had accepted it.",
    });
  });

  it("stops what came after the attempt that it proves", () => {
    expect(explained(proven(tried([Lost, NotSent]), 1))).toEqual({
      decision: "stop",
      reason: "not repeated: the request was not sent (ECONNREFUSED); attempt 1 has sent the message.",
    });
  });
});

describe("an attempt that is repeated", () => {
  it.each<[string, Outcome, string]>([
    [
      "an error that passes",
      Passing,
      "HTTP 503 without a Graph error; this is usually temporary, and nothing was processed",
    ],
    [
      "an error after which it may have been sent",
      MaybeProcessed,
      "131016, a service of WhatsApp's is not available; this is usually temporary, but the message may already have been sent: a repeat may send it twice",
    ],
    ["nothing left", NotSent, "the request was not sent (ECONNREFUSED); nothing was sent, so a repeat is safe"],
    [
      "no answer",
      Lost,
      "no readable answer arrived (connection reset); the policy is resend: it is repeated, which may send it twice",
    ],
    [
      "the number's limit",
      throttled("number"),
      "130429, the number's throughput is reached; nothing was processed, and the number's limit is temporary",
    ],
    [
      "the app's limit",
      throttled("app", 4, "the app's limit of calls is reached"),
      "4, the app's limit of calls is reached; nothing was processed, and the app's limit is temporary",
    ],
    [
      "the account's limit",
      throttled("account", 80007, "x"),
      "80007, x; nothing was processed, and the WhatsApp account's limit is temporary",
    ],
    [
      "maintenance",
      throttled("maintenance", 131057, "x"),
      "131057, x; nothing was processed, and the maintenance is temporary",
    ],
    [
      "a pair's limit",
      throttled("pair", 131056, "x"),
      "131056, x; nothing was processed, and the limit of this pair of sender and recipient is temporary",
    ],
  ])("says why and after how long: %s", (_, outcome, reason) => {
    expect(explained(tried([outcome, accepted()]), 1)).toEqual({
      decision: "repeat",
      reason: `repeated after 990 ms: ${reason}.`,
    });
    expect(explained(tried([outcome]))).toEqual({
      decision: "repeat",
      reason: `to be repeated after 1 s: ${reason}.`,
    });
  });

  it("is repeated once with other credentials", () => {
    expect(explained(tried([Expired]))).toEqual({
      decision: "repeat",
      reason:
        "to be repeated at once: 190, the access token has expired; the outlet's other credentials, if any, are tried once.",
    });
    expect(explained(tried([Expired, accepted()]), 1).reason).toMatch(/; the outlet had other credentials\.$/);
  });

  it("names the policy that allows it", () => {
    const policy = { onAmbiguous: "verify" } as const;
    expect(explained(tried([Lost], policy)).reason).toBe(
      "to be repeated after 5 s: no readable answer arrived (connection reset); the policy is verify: without evidence in time it is repeated once, which may send it twice.",
    );
  });

  it("says that pacing makes it wait longer", () => {
    const queued: Message = { ...tried([Passing]), mode: "queued" };
    expect(explained({ ...queued, heldUntil: later(5010) }).reason).toMatch(
      /^to be repeated after 5 s: .* Pacing delays it until then\.$/,
    );
    expect(explained({ ...queued, heldUntil: later(500) }).reason).not.toContain("Pacing");
  });

  it("was resolved to be sent again", () => {
    const unknown = concluded(tried([Lost], { onAmbiguous: "hold" }), { as: "held" });
    expect(explained(begunAgain(requeue(unknown, later(10_000), later(60_000))), 1)).toMatchObject({
      decision: "repeat",
      reason: expect.stringMatching(/\(connection reset\); a resend was requested\.$/),
    });
  });

  it("says that a resend was requested before that is done, and nothing of the schedule", () => {
    const unknown = concluded(tried([Lost], { onAmbiguous: "hold" }), { as: "held" });
    expect(explained(requeue(unknown, later(10_000), later(60_000)), 1)).toEqual({
      decision: "repeat",
      reason: "to be repeated: no readable answer arrived (connection reset); a resend was requested.",
    });
  });

  it("says until when evidence is awaited of one that was asked for again after a crash", () => {
    const resumed = resume(concluded(tried([Lost]), { as: "cut off" }), later(10_000));
    expect(explained(resumed, 1)).toEqual({
      decision: "repeat",
      reason: `to be repeated at ${later(15_000).toISOString()}, unless a status webhook proves before then that it was sent: no readable answer arrived (connection reset); the caller repeated the request.`,
    });
    expect(nextAttemptAt(resumed)).toEqual(later(15_000));
  });

  it("was asked for again after a crash", () => {
    const cut = concluded(tried([Lost]), { as: "cut off" });
    expect(explained(begunAgain(resume(cut, later(10_000))), 1)).toMatchObject({
      decision: "repeat",
      reason: expect.stringMatching(/^repeated after 15 s: .*; the caller repeated the request\.$/),
    });
  });
});

const resolveIt = "If webhooks reach this server, one may still settle it. Otherwise resolve it: resend or abandon it.";
const sentAlready = `WhatsApp answered an attempt with success, so the message was almost certainly sent. ${resolveIt}`;
const settle = `An attempt ended without a readable answer, so the message may have been sent. ${resolveIt}`;
const usedUp = "the schedule's attempts are used up (4).";
const retryAt = new Date("2025-11-21T11:00:00Z");

describe("an attempt that is not repeated", () => {
  it.each<[string, readonly Outcome[], Omit<Conclusion, "at">, string]>([
    [
      "a final refusal",
      [Final],
      { as: "refused" },
      "131047, the 24-hour window is closed; this is final, because it concerns the recipient. Send a template.",
    ],
    [
      "a final refusal after one without an answer",
      [Lost, Final],
      { as: "refused" },
      `131047, the 24-hour window is closed; this is final, because it concerns the recipient. ${settle} Send a template.`,
    ],
    [
      "no other credentials",
      [Expired],
      { as: "refused" },
      "190, the access token has expired; the outlet has no other credentials. New token.",
    ],
    [
      "other credentials refused as well",
      [Expired, Expired],
      { as: "refused" },
      "190, the access token has expired; WhatsApp rejected the outlet's other credentials too. New token.",
    ],
    [
      "credentials gone",
      [NotSent],
      { as: "refused" },
      "the request was not sent (ECONNREFUSED); the outlet or its credentials no longer exist.",
    ],
    [
      "errors to the end",
      [Passing, Passing, Passing, Passing],
      { as: "exhausted" },
      `HTTP 503 without a Graph error; ${usedUp}`,
    ],
    [
      "errors that may have been sent to the end",
      [MaybeProcessed, MaybeProcessed, MaybeProcessed, MaybeProcessed],
      { as: "exhausted" },
      `131016, a service of WhatsApp's is not available; ${usedUp} WhatsApp answered with an error that sometimes follows a successful send, so the message may have been sent. Ask Meta.`,
    ],
    [
      "nothing left to the end",
      [NotSent, NotSent, NotSent, NotSent],
      { as: "exhausted" },
      `the request was not sent (ECONNREFUSED); ${usedUp}`,
    ],
    [
      "no answer to the end",
      [Lost, Lost, Lost, Lost],
      { as: "exhausted" },
      `no readable answer arrived (connection reset); ${usedUp} ${settle}`,
    ],
    [
      "a limit to the end",
      [throttled("number"), throttled("number"), throttled("number"), throttled("number")],
      { as: "exhausted" },
      `130429, the number's throughput is reached; ${usedUp}`,
    ],
    [
      "the deadline",
      [Passing],
      { as: "exhausted" },
      "HTTP 503 without a Graph error; the next attempt would begin after the call's deadline.",
    ],
    [
      "a certificate",
      [{ kind: "NotSent", final: true, cause: "certificate not trusted" }],
      { as: "exhausted" },
      "the request was not sent (certificate not trusted); repeating cannot help.",
    ],
    [
      "the policy hold",
      [Lost],
      { as: "held" },
      `no readable answer arrived (connection reset); the policy is hold: a message that may have been sent is not repeated. ${settle}`,
    ],
    [
      "a success that cannot be read",
      [Mumbled],
      { as: "held" },
      `WhatsApp answered with success, but the answer cannot be read (response cut short); a repeat would almost certainly send it twice. ${sentAlready}`,
    ],
    [
      "a limit past the deadline",
      [throttled("maintenance", 131057, "the account is in maintenance")],
      { as: "throttled", retryAt },
      "131057, the account is in maintenance; the limit will not clear before the call's deadline. Try again from 2025-11-21T11:00:00.000Z.",
    ],
    [
      "held back for a limit",
      [Passing],
      { as: "throttled", retryAt, heldBack: { because: "limit", reason: "the number sends as fast as it may" } },
      "HTTP 503 without a Graph error; it was held back: the number sends as fast as it may. Try again from 2025-11-21T11:00:00.000Z.",
    ],
    [
      "held back for an outage, after an attempt without an answer",
      [Lost],
      { as: "throttled", retryAt, heldBack: { because: "outage", reason: "WhatsApp fails for this number" } },
      `no readable answer arrived (connection reset); it was held back: WhatsApp fails for this number. ${settle}`,
    ],
    [
      "a shutdown",
      [Passing],
      { as: "interrupted" },
      "HTTP 503 without a Graph error; the process that was sending it ended. Repeat the call.",
    ],
    [
      "a shutdown after an attempt without an answer",
      [Lost],
      { as: "interrupted" },
      `no readable answer arrived (connection reset); the process that was sending it ended. ${settle}`,
    ],
    [
      "a crash",
      [Lost],
      { as: "cut off" },
      "no readable answer arrived (connection reset); the process that was sending it ended before it answered the caller. An attempt ended without a readable answer, so the message may have been sent. If webhooks reach this server, one may still settle it. A call with the same Idempotency-Key resumes it.",
    ],
    [
      "the time to live",
      [Passing],
      { as: "expired" },
      "HTTP 503 without a Graph error; the next attempt would begin after its time to live.",
    ],
    ["cancelation", [Passing], { as: "canceled" }, "HTTP 503 without a Graph error; it was canceled."],
  ])("says why: %s", (_, outcomes, conclusion, reason) => {
    const message = concluded(tried(outcomes, { onAmbiguous: "hold" }), conclusion);
    expect(explained(message)).toEqual({ decision: "stop", reason: `not repeated: ${reason}` });
  });

  it("says that verify had its repeat", () => {
    const message = concluded(tried([Lost, Lost], { onAmbiguous: "verify" }), { as: "held" });
    expect(explained(message).reason).toContain(
      "; the policy is verify, and its one repeat without evidence has been made.",
    );
  });

  it("says after an earlier success that it was almost certainly sent", () => {
    const resolved: Message = {
      ...tried([Mumbled, Lost], { onAmbiguous: "hold" }),
      resends: [{ at: exampleTime, earlierAttempts: 1 }],
    };
    expect(explained(concluded(resolved, { as: "held" })).reason).toBe(
      `not repeated: no readable answer arrived (connection reset); the policy is hold: a message that may have been sent is not repeated. ${sentAlready}`,
    );
  });

  it("says that it was abandoned", () => {
    const message = abandon(concluded(tried([Lost], { onAmbiguous: "hold" }), { as: "held" }), later(10_000));
    const mayBeSent = "An attempt ended without a readable answer, so the message may have been sent.";
    expect(explained(message).reason).toBe(
      `not repeated: no readable answer arrived (connection reset); the policy is hold: a message that may have been sent is not repeated; it was abandoned on request. ${mayBeSent}`,
    );
    expect(explainConclusion(message)).toBe(`it was abandoned on request. ${mayBeSent}`);
  });

  it.each<[FailureClass, string]>([
    ["recipient", "the recipient"],
    ["request", "the request itself"],
    ["template", "the template"],
    ["account", "the WhatsApp account or its number"],
    ["policy", "one of WhatsApp's policies"],
    ["permission", "the access token's permissions"],
    ["protocol", "an answer that is not from the Graph API"],
  ])("says what the rejection concerns: %s", (failureClass, subject) => {
    const refused: Outcome = { ...Final, failure: { ...window, class: failureClass } };
    expect(explained(concluded(tried([refused]), { as: "refused" })).reason).toContain(
      `because it concerns ${subject}.`,
    );
  });

  it("says so before the conclusion is recorded", () => {
    expect(explained(tried([Final])).reason).toMatch(/^not repeated: 131047, .* final, /);
    const last = tried([Passing]);
    const [attempt] = last.attempts;
    expect(attempt && explain(last, attempt, later(100)).reason).toMatch(/after the call's deadline\.$/);
    const queued: Message = { ...last, mode: "queued", policy: { ...last.policy, expiresAt: later(100) } };
    expect(explained(queued).reason).toMatch(/after its time to live\.$/);
  });

  it("uses WhatsApp's own words where the code has no title", () => {
    const failure: Failure = { class: "request", code: 7, details: "Meta's words. " };
    const message = concluded(tried([{ ...Final, failure }]), { as: "refused" });
    expect(explained(message).reason).toMatch(/^not repeated: 7, Meta's words; /);
  });
});

describe("withdrawn conclusions", () => {
  const unknown = () => concluded(tried([Lost], { onAmbiguous: "hold" }), { as: "held" });

  it("are listed with the reason at that time, and with what withdrew them", () => {
    const abandoned = abandon(unknown(), later(10_000));
    expect(earlierConclusions(requeue(abandoned, later(20_000), later(60_000)))).toEqual([
      {
        as: "held",
        at: later(9000),
        reason: "the policy is hold: a message that may have been sent is not repeated.",
        liftedAt: later(10_000),
        liftedBy: "abandon",
      },
      {
        as: "abandoned",
        at: later(10_000),
        reason: "it was abandoned on request.",
        liftedAt: later(20_000),
        liftedBy: "resend",
      },
    ]);
  });

  it.each<[string, Message]>([
    ["repeat", resume(concluded(tried([Lost]), { as: "cut off" }), later(10_000))],
    ["resend", requeue(unknown(), later(10_000), later(60_000))],
    [
      "evidence",
      endAttempt(concluded(tried([Lost]), { as: "cut off" }), 1, { at: later(10_000), durationMs: 1, outcome: Final }),
    ],
  ])("by %s", (liftedBy, message) => {
    expect(earlierConclusions(message)).toMatchObject([{ at: later(9000), liftedAt: later(10_000), liftedBy }]);
  });

  it("are explained by what was known then: later attempts do not count", () => {
    const limited = throttled("number");
    const exhausted = concluded(tried([limited, limited, limited, limited]), { as: "exhausted" });
    const resent = begunAgain(requeue(exhausted, later(10_000), later(60_000)));
    const again = endAttempt(resent, 5, { at: later(16_000), durationMs: 1, outcome: NotSent });
    expect(earlierConclusions(again)).toMatchObject([
      { as: "exhausted", reason: "the schedule's attempts are used up (4)." },
    ]);
  });
});

describe("the conclusion of a message", () => {
  it.each<[Omit<Conclusion, "at">, string]>([
    [{ as: "refused" }, "the outlet or its credentials no longer exist."],
    [{ as: "expired" }, "the next attempt would begin after its time to live."],
    [{ as: "canceled" }, "it was canceled."],
    [{ as: "interrupted" }, "the process that was sending it ended. Repeat the call."],
    [
      { as: "throttled", retryAt, heldBack: { because: "limit", reason: "the number rests" } },
      "it was held back: the number rests. Try again from 2025-11-21T11:00:00.000Z.",
    ],
  ])("can come before the first attempt: $as", (conclusion, reason) => {
    expect(explainConclusion(concluded(exampleMessage(), conclusion))).toBe(reason);
  });

  it("does not exist while attempts continue", () => {
    expect(explainConclusion(tried([Passing]))).toBeUndefined();
  });
});
