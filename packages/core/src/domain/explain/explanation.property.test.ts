import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { exampleMessage, exampleOutcomes, exampleTime } from "../../contracts/fixtures.ts";
import { decodeMessage, encodeMessage } from "../../codecs/message.ts";
import { outcomeOf } from "../copies.ts";
import { holdRestored } from "../hold-restored.ts";
import {
  abandon,
  beginAttempt,
  cancel,
  conclude,
  endAttempt,
  recoverOrphan,
  requeue,
  resume,
} from "../message-changes.ts";
import type { Attempt, Message, ProviderStatus } from "../message.ts";
import { endOfTime, nextStep } from "../next-step.ts";
import { mayHaveSent, type Outcome } from "../outcome.ts";
import { recordProviderFacts } from "../provider-facts.ts";
import { explain, explainConclusion } from "./explanation.ts";

type Change = (message: Message, at: Date) => Message;

const { Refused, Throttled } = exampleOutcomes;
const outcomes: readonly Outcome[] = [
  ...Object.values(exampleOutcomes),
  { kind: "Ambiguous", sawSuccess: true, cause: "cut short" },
  { ...Refused, maybeProcessed: false },
  { ...Refused, final: true, maybeProcessed: false },
  { ...Throttled, scope: "number" },
];

const number = fc.integer({ min: 1, max: 4 });
const status = fc.constantFrom<ProviderStatus>("sent", "delivered", "failed");
const failure = fc.constantFrom(Refused.failure, Throttled.failure, { class: "transient" as const, details: "x" });

/** The next step, if it is due. An attempt begins only as a sender would begin it. */
const step: Change = (message, at) => {
  const next = nextStep(message, endOfTime);
  if (next.kind === "Conclude") return conclude(message, { ...next.conclusion, at });
  return next.kind === "Attempt" ? beginAttempt(message, { startedAt: at, phoneNumberId: "1", spread: 0 }) : message;
};

/** A first end, or one that comes late. */
const end = fc.tuple(number, fc.constantFrom(...outcomes)).map(([which, outcome]): Change => {
  const named = outcome.kind === "Accepted" ? { ...outcome, wamid: `wamid.${which}` } : outcome;
  return (message, at) => endAttempt(message, which, { at, durationMs: 1, outcome: named });
});

const webhook = fc.tuple(number, status, failure).map(
  ([which, said, why]): Change =>
    (message, at) =>
      recordProviderFacts(message, [
        {
          status: said,
          at,
          ...(said === "failed" && { failure: why }),
          attempt: { number: which, wamid: `wamid.${which}` },
        },
      ]),
);

const others: readonly Change[] = [
  recoverOrphan,
  holdRestored,
  cancel,
  abandon,
  resume,
  (message, at) => requeue(message, at, endOfTime),
  (message, at) => conclude(message, { as: "exhausted", at }),
  (message) => decodeMessage(encodeMessage(message)),
];

const change = fc.oneof(
  { weight: 4, arbitrary: fc.constant(step) },
  { weight: 4, arbitrary: end },
  { weight: 2, arbitrary: webhook },
  { weight: 2, arbitrary: fc.constantFrom(...others) },
);

const run = fc.record({
  mode: fc.constantFrom("queued" as const, "waiting" as const),
  onAmbiguous: fc.constantFrom("resend" as const, "verify" as const, "hold" as const),
  changes: fc.array(change, { minLength: 3, maxLength: 24 }),
});

/** Shows each message on the way, with the one before. */
function play(
  { mode, onAmbiguous, changes }: typeof run extends fc.Arbitrary<infer T> ? T : never,
  onChange: (before: Message, after: Message) => void,
) {
  const example = exampleMessage({ mode });
  let message: Message = { ...example, policy: { ...example.policy, scheduleMs: [0, 0, 0, 0, 0, 0], onAmbiguous } };
  for (const [index, next] of changes.entries()) {
    const before = message;
    message = next(message, new Date(exampleTime.getTime() + 10_000 * (index + 1)));
    onChange(before, message);
  }
}

/** Whether another attempt was made after it. */
const hasNext = ({ attempts }: Message, { number: made }: Attempt) =>
  attempts.length > made && attempts[made]?.presumed === undefined;
const isResent = ({ resends = [] }: Message, { number: made }: Attempt) =>
  resends.some(({ earlierAttempts }) => earlierAttempts === made);

/** What was decided, without what became known later. */
const decided = (reason: string | undefined) => reason?.split(". ")[0]?.replace(/\.$/, "");

describe("whatever becomes known of an attempt, and when", () => {
  it("the decision after it is explained as it was when it was made", () => {
    fc.assert(
      fc.property(run, (each) => {
        const repeats = new Map<number, string | undefined>();
        let conclusion: string | undefined;
        play(each, (before, after) => {
          for (const attempt of after.attempts) {
            if (!hasNext(after, attempt)) continue;
            const reason = decided(explain(after, attempt).reason);
            if (hasNext(before, attempt)) expect(reason).toBe(repeats.get(attempt.number));
            else repeats.set(attempt.number, reason);
          }
          const reason = decided(explainConclusion(after));
          const isSame = before.conclusion?.at.getTime() === after.conclusion?.at.getTime();
          if (isSame) expect(reason).toBe(conclusion);
          conclusion = reason;
        });
      }),
      { numRuns: 750 },
    );
  });

  it("a repeat is called safe only if nothing that may have been sent was known when it began", () => {
    fc.assert(
      fc.property(run, (each) => {
        const mayBeSent = new Set<number>();
        play(each, (before, after) => {
          const [last] = before.attempts.slice(-1);
          const known = last && outcomeOf(last);
          if (last && hasNext(after, last) && known && mayHaveSent(known)) mayBeSent.add(last.number);
          for (const attempt of after.attempts) {
            if (!mayBeSent.has(attempt.number)) continue;
            expect(explain(after, attempt).reason).not.toMatch(/is safe|nothing was (sent|processed)/);
          }
        });
      }),
      { numRuns: 750 },
    );
  });

  it("a repeat after an attempt that was accepted says who asked for it, or that the acceptance was not known yet", () => {
    fc.assert(
      fc.property(run, (each) => {
        play(each, (_, after) => {
          for (const attempt of after.attempts) {
            if (attempt.ended?.outcome.kind !== "Accepted" || !hasNext(after, attempt)) continue;
            const { decision, reason } = explain(after, attempt);
            const why = isResent(after, attempt)
              ? /; a resend was requested\./
              : / The outcome was recorded later: WhatsApp accepted it\./;
            expect([decision, reason]).toEqual(["repeat", expect.stringMatching(why)]);
          }
        });
      }),
      { numRuns: 750 },
    );
  });
});
