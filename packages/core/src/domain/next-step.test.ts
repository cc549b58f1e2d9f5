import { describe, expect, it } from "vitest";

import {
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  withIntent,
  withOutcome,
  withReport,
} from "../contracts/fixtures.ts";
import { conclude, requeue } from "./message-changes.ts";
import type { Message } from "./message.ts";
import { nextAttemptAt, type NextStep, nextStep, queueDueAt } from "./next-step.ts";
import type { Outcome } from "./outcome.ts";
import { clampRetryAfter, normalizeSchedule, type SendPolicy } from "./retry-policy.ts";

const { Accepted, Refused, Throttled, NotSent, Ambiguous, CredentialRefused } = exampleOutcomes;
const passing: Outcome = { kind: "Refused", failure: Refused.failure, final: false, maybeProcessed: false };
const maybe: Outcome = { ...passing, maybeProcessed: true };
const final: Outcome = { ...passing, final: true };
const limited: Outcome = { kind: "Throttled", scope: "number", failure: Throttled.failure };
const pair: Outcome = { ...limited, scope: "pair" };
const never = new Date(exampleTime.getTime() + 86_400_000);

/** A message without jitter, whose attempts have ended so, all at the same time. */
function after(outcomes: readonly Outcome[], policy: Partial<SendPolicy> = {}): Message {
  const plain = exampleMessage();
  let message: Message = { ...plain, policy: { ...plain.policy, ...policy } };
  for (const outcome of outcomes) message = withOutcome(withIntent(message), outcome);
  return { ...message, attempts: message.attempts.map((attempt) => ({ ...attempt, spread: 0 })) };
}

function attemptIn(ms: number): NextStep {
  return { kind: "Attempt", notBefore: new Date(exampleTime.getTime() + ms) };
}

const settled: NextStep = { kind: "Settled" };
const concludeAs = (as: "exhausted" | "refused" | "held"): NextStep => ({ kind: "Conclude", conclusion: { as } });

describe("the next step", () => {
  const rows: readonly (readonly [string, Message, NextStep])[] = [
    ["a first attempt at once", after([]), attemptIn(0)],
    ["a first attempt after its wait", after([], { scheduleMs: [1500] }), attemptIn(1500)],
    ["to wait for the attempt in flight", withIntent(after([passing])), { kind: "InFlight" }],
    ["nothing once it is accepted", after([passing, Accepted]), settled],
    ["nothing once a webhook proved it", withReport(after([Ambiguous]), "sent"), settled],
    [
      "nothing once WhatsApp took it, though that failed",
      withReport(withReport(after([Ambiguous]), "sent"), "failed"),
      settled,
    ],
    ["nothing once it is concluded", conclude(after([passing]), { as: "interrupted", at: exampleTime }), settled],

    ["a second attempt after 1 s", after([passing]), attemptIn(1000)],
    ["a third attempt after 2 s", after([passing, NotSent]), attemptIn(2000)],
    ["a fourth attempt after 4 s", after([passing, NotSent, maybe]), attemptIn(4000)],
    ["no fifth attempt", after([passing, NotSent, maybe, passing]), concludeAs("exhausted")],
    ["a repeat at once where the schedule says 0", after([passing], { scheduleMs: [0, 0] }), attemptIn(0)],
    ["no repeat where the schedule has one slot", after([passing], { scheduleMs: [0] }), concludeAs("exhausted")],

    ["no repeat of a final refusal", after([final]), concludeAs("refused")],
    ["no repeat of a final refusal with Retry-After", after([{ ...final, retryAfterMs: 1 }]), concludeAs("refused")],
    ["no repeat that could never leave", after([{ ...NotSent, final: true }]), concludeAs("exhausted")],
    ["a repeat after an error that may have been processed", after([maybe]), attemptIn(1000)],

    ["a wait as long as Retry-After", after([{ ...passing, retryAfterMs: 2500 }]), attemptIn(2500)],
    ["a wait as long as the slot", after([{ ...passing, retryAfterMs: 500 }]), attemptIn(1000)],
    ["a wait of 300 s at most", after([{ ...limited, retryAfterMs: 9e9 }]), attemptIn(300_000)],
    ["no wait for a Retry-After of garbage", after([{ ...limited, retryAfterMs: Number.NaN }]), attemptIn(1000)],
    ["no wait for a Retry-After in the past", after([{ ...limited, retryAfterMs: -5 }]), attemptIn(1000)],
    ["a repeat after a throttle", after([limited]), attemptIn(1000)],
    ["1 s after the first limit of a pair", after([pair]), attemptIn(1000)],
    ["4 s after the second limit of a pair", after([pair, pair]), attemptIn(4000)],
    ["16 s after the third limit of a pair", after([pair, pair, pair]), attemptIn(16_000)],
    ["other limits not counted for the pair", after([limited, limited, pair]), attemptIn(4000)],

    ["one extra try at once with other credentials", after([CredentialRefused]), attemptIn(0)],
    ["no second extra try", after([CredentialRefused, CredentialRefused]), concludeAs("refused")],
    ["an extra try that takes no slot", after([CredentialRefused, passing]), attemptIn(1000)],
    [
      "as many slots with an extra try",
      after([passing, passing, passing, CredentialRefused, passing]),
      concludeAs("exhausted"),
    ],
  ];

  it.each(rows)("is %s", (_, message, step) => {
    expect(nextStep(message, never)).toEqual(step);
  });
});

describe("the next step after an attempt without an answer", () => {
  const sawSuccess: Outcome = { ...Ambiguous, sawSuccess: true };
  const rows: readonly (readonly [string, SendPolicy["onAmbiguous"], readonly Outcome[], NextStep])[] = [
    ["is a repeat on schedule", "resend", [Ambiguous], attemptIn(1000)],
    ["is a repeat on schedule, again", "resend", [Ambiguous, Ambiguous, Ambiguous], attemptIn(4000)],
    ["is a repeat when there was time for evidence", "verify", [Ambiguous], attemptIn(5000)],
    ["is no second repeat", "verify", [Ambiguous, Ambiguous], concludeAs("held")],
    ["is no second repeat, whatever the first ended in", "verify", [Ambiguous, passing], concludeAs("held")],
    ["does not count what was repeated before", "verify", [passing, passing, Ambiguous], attemptIn(5000)],
    ["is no repeat", "hold", [Ambiguous], concludeAs("held")],
    ["is no repeat after others", "hold", [passing, maybe, Ambiguous], concludeAs("held")],
    ["is no repeat when a success was seen", "resend", [sawSuccess], concludeAs("held")],
    ["is no repeat when a success was seen", "verify", [sawSuccess], concludeAs("held")],
    ["is no repeat when a success was seen", "hold", [sawSuccess], concludeAs("held")],
    ["is a repeat when an error may have been processed", "hold", [maybe, maybe], attemptIn(2000)],
  ];

  it.each(rows)("%s (%s)", (_, onAmbiguous, outcomes, step) => {
    expect(nextStep(after(outcomes, { onAmbiguous }), never)).toEqual(step);
  });
});

describe("a deadline", () => {
  const at = (ms: number) => new Date(exampleTime.getTime() + ms);

  it("is the last moment at which an attempt may begin", () => {
    expect(nextStep(after([passing]), at(1000))).toEqual(attemptIn(1000));
    expect(nextStep(after([passing]), at(999))).toEqual(concludeAs("exhausted"));
  });

  it("that a throttle exceeds ends with the time to try again", () => {
    expect(nextStep(after([{ ...limited, retryAfterMs: 60_000 }]), at(59_999))).toEqual({
      kind: "Conclude",
      conclusion: { as: "throttled", retryAt: at(60_000) },
    });
  });

  it("does not bound the first attempt, nor the extra one", () => {
    expect(nextStep(after([]), at(-1)).kind).toBe("Attempt");
    expect(nextStep(after([CredentialRefused]), at(-1)).kind).toBe("Attempt");
  });

  it("does not limit the reported time of the next attempt", () => {
    expect(nextAttemptAt(after([{ ...limited, retryAfterMs: 300_000 }]))).toEqual(at(300_000));
    expect(nextAttemptAt(after([final]))).toBeUndefined();
  });
});

describe("a setting", () => {
  it("of no schedule is one attempt at once, and a 0 stays", () => {
    expect(normalizeSchedule([])).toEqual([0]);
    expect(normalizeSchedule([0, 0, 5])).toEqual([0, 0, 5]);
  });

  it.each([
    [undefined, 0],
    [0, 0],
    [-5, 0],
    [Number.POSITIVE_INFINITY, 300_000],
    [300_001, 300_000],
    [1234.5, 1234.5],
  ])("of Retry-After %s waits %s ms", (asked, waited) => {
    expect(clampRetryAfter(asked)).toBe(waited);
  });
});

describe("the next step of a queued message", () => {
  const queued = (outcomes: readonly Outcome[], policy: Partial<SendPolicy> = {}): Message => ({
    ...after(outcomes, policy),
    mode: "queued",
  });
  const expiresAt = new Date(exampleTime.getTime() + 10_000);
  const at = (ms: number) => new Date(exampleTime.getTime() + ms);

  const rows: readonly (readonly [string, Message, Date | undefined])[] = [
    ["a first attempt at once", queued([]), at(0)],
    ["its schedule", queued([passing, passing]), at(2000)],
    ["evidence for five seconds, also under resend", queued([Ambiguous]), at(5000)],
    ["a throttle without using up a slot", queued([limited, maybe]), at(1000)],
    ["a failure that sent nothing without using up a slot", queued([NotSent, passing, maybe]), at(1000)],
    ["twice as long each time beyond its schedule", queued([limited, NotSent, passing, limited, limited]), at(16_000)],
    ["five minutes at most", queued(Array.from({ length: 20 }, () => passing)), at(300_000)],
    ["as long as its schedule says, if that is longer", queued([passing, passing], { scheduleMs: [9e5] }), at(9e5)],
    ["a second at least where it is throttled", queued([limited], { scheduleMs: [0, 0] }), at(1000)],
    ["its conclusion at once when it is exhausted", queued([maybe, Ambiguous, maybe, maybe]), at(0)],
    ["its conclusion at once when it could never leave", queued([{ ...NotSent, final: true }]), at(0)],
    ["its conclusion at once when the next slot is too late", queued([Ambiguous], { expiresAt: at(4999) }), at(0)],
    ["its conclusion at once when it was due too late", queued([], { scheduleMs: [1], expiresAt: at(0) }), at(0)],
    ["nobody while it is in flight", withIntent(queued([])), undefined],
    ["nobody once it is accepted", queued([Accepted]), undefined],
    ["nobody once it is concluded", conclude(queued([passing]), { as: "canceled", at: exampleTime }), undefined],
  ];

  it.each(rows)("waits for %s", (_, message, expected) => {
    expect(queueDueAt(message)).toEqual(expected);
  });

  it("is the caller's while a caller waits", () => {
    expect(queueDueAt(after([passing]))).toBeUndefined();
  });

  it("expires if its next slot is after its time to live", () => {
    const late = queued([maybe, maybe, maybe], { expiresAt: at(3999) });
    expect(nextStep(late, at(3999))).toEqual({ kind: "Conclude", conclusion: { as: "expired" } });
    expect(nextStep(late, expiresAt)).toEqual(attemptIn(4000));
  });

  it.each([passing, NotSent, limited])(
    "is tried once more a second before it expires, if certainly nothing was sent: %o",
    (outcome) => {
      const next = (expiresMs: number) => nextStep(queued([outcome, outcome, outcome]), at(expiresMs));
      expect(next(4000)).toEqual(attemptIn(4000));
      expect(next(3999)).toEqual(attemptIn(2999));
      expect(next(2000)).toEqual(attemptIn(1000));
      expect(next(1999)).toEqual({ kind: "Conclude", conclusion: { as: "expired" } });
    },
  );

  it("waits as long as WhatsApp asks, whenever it expires", () => {
    const asked = queued([{ ...limited, retryAfterMs: 3000 }]);
    expect(nextStep(asked, at(5000))).toEqual(attemptIn(3000));
    expect(nextStep(asked, at(2999))).toEqual({ kind: "Conclude", conclusion: { as: "expired" } });
  });

  it("restarts its schedule after a resend", () => {
    const unknown = conclude(after([Ambiguous, passing]), { as: "held", at: exampleTime });
    const anew = requeue(unknown, at(60_000), at(90_000));
    expect(queueDueAt(anew)).toEqual(at(60_000));
    const again = withOutcome(withIntent(anew), passing, at(60_100));
    expect(nextStep(again, at(90_000))).toMatchObject({ kind: "Attempt" });
    expect(queueDueAt(again)?.getTime()).toBeGreaterThanOrEqual(at(61_100).getTime());
  });
});
