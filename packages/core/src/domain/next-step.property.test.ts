import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { exampleMessage, exampleOutcomes } from "../contracts/fixtures.ts";
import { explain } from "./explain/explanation.ts";
import { beginAttempt, conclude, endAttempt } from "./message-changes.ts";
import type { Message } from "./message.ts";
import { nextStep } from "./next-step.ts";
import type { Outcome } from "./outcome.ts";
import { clampRetryAfter, type SendPolicy } from "./retry-policy.ts";

const { Accepted, Refused, Throttled, NotSent, CredentialRefused } = exampleOutcomes;
const retryAfterMs = fc.oneof(fc.integer({ min: -10, max: 400_000 }), fc.constantFrom(Number.NaN, Infinity));

/** What a template prints for a value that is missing. */
const missing = /undefined|NaN|\[object/;

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant(CredentialRefused),
  fc.record({
    kind: fc.constant("Ambiguous" as const),
    sawSuccess: fc.boolean(),
    cause: fc.string().filter((text) => !missing.test(text)),
  }),
  fc.boolean().map((final) => ({ ...NotSent, final })),
  fc
    .tuple(fc.constantFrom("app", "account", "number", "maintenance", "pair"), retryAfterMs)
    .map(([scope, ms]) => ({ ...Throttled, scope, retryAfterMs: ms })),
  fc
    .tuple(fc.boolean(), fc.boolean(), retryAfterMs)
    .map(([final, maybeProcessed, ms]) => ({ ...Refused, final, maybeProcessed, retryAfterMs: ms })),
  fc.constant(Accepted),
);

const passing: fc.Arbitrary<Outcome> = outcome.map((seen) => ("final" in seen ? { ...seen, final: false } : seen));

const policy: fc.Arbitrary<SendPolicy> = fc.record({
  scheduleMs: fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 6 }),
  onAmbiguous: fc.constantFrom("resend", "verify", "hold"),
  evidenceMs: fc.nat({ max: 10_000 }),
});

const jitter = 0.2;

const run = fc.record({
  policy,
  outcomes: fc.infiniteStream(fc.oneof(outcome, passing, passing)),
  spreads: fc.infiniteStream(fc.double({ min: 0, max: jitter, noNaN: true })),
  durations: fc.infiniteStream(fc.nat({ max: 10_000 })),
  deadlineMs: fc.oneof(fc.nat({ max: 60_000 }), fc.constant(86_400_000)),
});
type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;

/** Carries a message to its end as a sender does, and shows each wait on the way. */
function play(
  { policy: rules, outcomes, spreads, durations, deadlineMs }: Run,
  onWait = (_: Message, _ms: number) => {},
) {
  let message: Message = { ...exampleMessage(), policy: rules };
  const deadlineAt = new Date(message.acceptedAt.getTime() + deadlineMs);
  for (let turn = 0; turn < 100; turn += 1) {
    const step = nextStep(message, deadlineAt);
    if (step.kind === "Conclude") message = conclude(message, { ...step.conclusion, at: deadlineAt });
    if (step.kind !== "Attempt") return message;
    const startedAt = step.notBefore;
    const endedAt = message.attempts.at(-1)?.ended?.at;
    if (endedAt) onWait(message, startedAt.getTime() - endedAt.getTime());
    message = beginAttempt(message, { startedAt, phoneNumberId: "1", spread: spreads.next().value });
    const durationMs = durations.next().value;
    const at = new Date(startedAt.getTime() + durationMs);
    message = endAttempt(message, message.attempts.length, { at, durationMs, outcome: outcomes.next().value });
  }
  throw new Error("It never ends.");
}

const endings = (message: Message) => message.attempts.flatMap(({ ended }) => (ended ? [ended.outcome] : []));

function checkRuns(check: (message: Message) => void): void {
  fc.assert(
    fc.property(run, (each) => check(play(each))),
    { numRuns: 500 },
  );
}

describe("whatever the attempts end in, a sender", () => {
  it("makes no more of them than the schedule has, plus one for changed credentials", () => {
    checkRuns((message) => {
      const extra = endings(message).some(({ kind }) => kind === "CredentialRefused") ? 1 : 0;
      expect(message.attempts.length).toBeLessThanOrEqual(message.policy.scheduleMs.length + extra);
    });
  });

  it("never repeats a final failure, an accepted message or a success that it saw", () => {
    checkRuns((message) => {
      for (const seen of endings(message).slice(0, -1)) {
        expect(seen).not.toMatchObject({ final: true });
        expect(seen).not.toMatchObject({ sawSuccess: true });
        expect(seen.kind).not.toBe("Accepted");
      }
    });
  });

  it("never repeats an attempt without an answer under hold, and once under verify", () => {
    checkRuns((message) => {
      const seen = endings(message);
      const first = seen.findIndex(({ kind }) => kind === "Ambiguous");
      if (first === -1 || message.policy.onAmbiguous === "resend") return;
      const repeats = seen.slice(first + 1).filter(({ kind }) => kind !== "CredentialRefused");
      expect(repeats.length).toBeLessThanOrEqual(message.policy.onAmbiguous === "verify" ? 1 : 0);
    });
  });

  it("retries with other credentials once", () => {
    checkRuns((message) => {
      expect(endings(message).filter(({ kind }) => kind === "CredentialRefused").length).toBeLessThanOrEqual(2);
    });
  });

  it("waits as long as the slot and Retry-After ask, plus the jitter", () => {
    const check = (message: Message, waitedMs: number) => {
      const last = message.attempts.at(-1)?.ended?.outcome;
      if (!last || last.kind === "CredentialRefused") return expect(waitedMs).toBe(0);
      const taken = endings(message).filter(({ kind }) => kind !== "CredentialRefused").length;
      const slotMs = message.policy.scheduleMs[taken] ?? Number.NaN;
      const pauseMs = clampRetryAfter("retryAfterMs" in last ? last.retryAfterMs : undefined);
      expect(waitedMs).toBeGreaterThanOrEqual(Math.max(slotMs, pauseMs));
      const mayTakeLonger = (last.kind === "Throttled" && last.scope === "pair") || last.kind === "Ambiguous";
      if (!mayTakeLonger) expect(waitedMs).toBeLessThanOrEqual(Math.ceil(Math.max(slotMs * (1 + jitter), pauseMs)));
      return undefined;
    };
    fc.assert(
      fc.property(run, (each) => void play(each, check)),
      { numRuns: 500 },
    );
  });

  it("can explain each decision", () => {
    checkRuns((message) => {
      const explanations = message.attempts.map((attempt) => explain(message, attempt));
      for (const [index, { decision, reason }] of explanations.entries()) {
        expect(reason).toMatch(/./s);
        expect(reason).not.toMatch(missing);
        const last = endings(message)[index]?.kind === "Accepted" ? "done" : "stop";
        expect(decision).toBe(index < explanations.length - 1 ? "repeat" : last);
      }
    });
  });
});
