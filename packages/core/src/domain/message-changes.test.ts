import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  withIntent,
  withOutcome,
  withReport,
} from "../contracts/fixtures.ts";
import type { Failure } from "./failure.ts";
import { recoverOrphan, addEndedAttempt, conclude, endAttempt, releaseKey } from "./message-changes.ts";
import { recordProviderFacts } from "./provider-facts.ts";
import type { AttemptEnd, Message, ProviderStatus } from "./message.ts";
import { isPossibleDuplicate, isSent, holdsQuotaUnit, statusOf, wamidsOf } from "./status.ts";
import { acceptedAttempt, deliveryTimesOf, failedAtOf, failureOfMessage, visibleFailureOf } from "./visible-facts.ts";

type Change = (message: Message) => Message;

const time = fc.integer({ min: 0, max: 5 }).map((second) => new Date(exampleTime.getTime() + 1000 * second));
const outcome = fc.constantFrom(...Object.values(exampleOutcomes));

/** Meta gives one reason for one failure. */
const failureAt = (at: Date): Failure => ({ class: "recipient", details: at.toISOString() });

const report = fc
  .tuple(
    fc.constantFrom<ProviderStatus[]>("sent", "delivered", "read", "played", "failed"),
    time,
    fc.integer({ min: 1, max: 4 }),
    fc.constantFrom("0", "1", "2", "3", "other"),
  )
  .map(([status, at, number, wamid]): Change => {
    const failure = status === "failed" ? { failure: failureAt(at) } : {};
    return (message) => recordProviderFacts(message, [{ status, at, ...failure, attempt: { number, wamid } }]);
  });

const ends = fc.array(fc.tuple(outcome, time), { minLength: 1, maxLength: 4 }).map((all) =>
  all.map(([seen, at], index): Change => {
    const ended: AttemptEnd = {
      at,
      durationMs: 1,
      outcome: { ...seen, ...("wamid" in seen && { wamid: `${index}` }) },
    };
    return (message) => endAttempt(message, index + 1, ended);
  }),
);

describe("facts", () => {
  it("lead to the same message in any order, however often they come", () => {
    const shuffled = fc.tuple(ends, fc.array(report)).chain(([ended, reports]) => {
      const events = [...ended, ...reports];
      const repeated = fc.array(fc.constantFrom(...events)).map((again) => [...events, ...again]);
      const anyOrder = repeated.chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
      return fc.record({ attempts: fc.constant(ended.length), one: anyOrder, other: anyOrder });
    });
    fc.assert(
      fc.property(shuffled, ({ attempts, one, other }) => {
        let begun = exampleMessage();
        for (let count = 0; count < attempts; count += 1) begun = withIntent(begun);
        const [first, second] = [one, other].map((events) => shown(events.reduce(apply, begun)));
        expect(first).toEqual(second);
      }),
    );
  });

  it("never change what was shown as the time of sending", () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        let message = exampleMessage();
        for (const next of changes) {
          const before = message.sentAt;
          message = next(message);
          if (before) expect(message.sentAt).toEqual(before);
        }
      }),
    );
  });

  it("raise the revision at each commit, and the version exactly when something visible changes", () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        let message = exampleMessage();
        for (const next of changes) {
          const before = message;
          message = next(message);
          if (message === before) continue;
          expect(message.revision).toBe(before.revision + 1);
          const isVisible = JSON.stringify(visible(message)) !== JSON.stringify(visible(before));
          expect(message.version - before.version).toBe(isVisible ? 1 : 0);
        }
      }),
    );
  });
});

describe("a known fact", () => {
  it("stays: the end of an attempt", () => {
    const refused = withOutcome(withIntent(exampleMessage()), exampleOutcomes.Refused);
    expect(withOutcome(refused, exampleOutcomes.Accepted)).toBe(refused);
    expect(withOutcome(refused, exampleOutcomes.Ambiguous)).toBe(refused);
    expect(endAttempt(refused, 2, { at: exampleTime, durationMs: 1, outcome: exampleOutcomes.Accepted })).toBe(refused);
  });

  it("is replaced: an attempt without an answer, once the answer arrives", () => {
    const left = recoverOrphan(withIntent(exampleMessage()), exampleTime);
    const sent = withOutcome(left, exampleOutcomes.Accepted);
    expect([statusOf(left), statusOf(sent)]).toEqual(["unknown", "sent"]);
    expect(sent.attempts).toHaveLength(1);
    expect(withOutcome(sent, exampleOutcomes.Ambiguous)).toBe(sent);
  });

  it("stays: the conclusion, and a sent message never gets one", () => {
    const held = conclude(exampleMessage(), { as: "held", at: exampleTime });
    expect(conclude(held, { as: "exhausted", at: exampleTime })).toBe(held);
    const sent = withOutcome(withIntent(exampleMessage()), exampleOutcomes.Accepted);
    expect(conclude(sent, { as: "exhausted", at: exampleTime })).toBe(sent);
  });

  it("stays: no attempt is added to a finished message", () => {
    const ended = { at: exampleTime, durationMs: 0, outcome: exampleOutcomes.NotSent };
    const attempt = { startedAt: exampleTime, phoneNumberId: "1", spread: 0, ended };
    const held = conclude(exampleMessage(), { as: "held", at: exampleTime });
    const sent = withReport(withIntent(exampleMessage()), "sent");
    for (const message of [held, sent]) expect(addEndedAttempt(message, attempt)).toBe(message);
  });

  it("stays: the earliest time of a provider's status", () => {
    const later = new Date(exampleTime.getTime() + 1);
    const delivered = withReport(withIntent(exampleMessage()), "delivered", later);
    expect(withReport(delivered, "delivered", later)).toBe(delivered);
    expect(deliveryTimesOf(withReport(delivered, "delivered", exampleTime))).toEqual({ deliveredAt: exampleTime });
  });
});

describe("the version", () => {
  it("rises when a second attempt may have arrived, even if the status stays", () => {
    const read = withReport(withIntent(withIntent(exampleMessage())), "read", exampleTime, { number: 1 });
    const end = { at: exampleTime, durationMs: 1, outcome: exampleOutcomes.Ambiguous };
    const once = endAttempt(read, 1, end);
    const twice = endAttempt(once, 2, end);
    expect([once.version - read.version, twice.version - once.version]).toEqual([0, 1]);
  });
});

describe("the time of sending", () => {
  it("is our clock's if an attempt was accepted first", () => {
    const sent = withOutcome(withIntent(exampleMessage()), exampleOutcomes.Accepted);
    const reported = withReport(sent, "sent", new Date(0));
    expect(reported.sentAt).toEqual(exampleTime);
  });

  it("is the provider's if a webhook came first", () => {
    const reported = withReport(withIntent(exampleMessage()), "sent", new Date(1000), {
      wamid: exampleOutcomes.Accepted.wamid,
    });
    expect(withOutcome(reported, exampleOutcomes.Accepted).sentAt).toEqual(new Date(1000));
  });
});

describe("freeKey", () => {
  it("leaves the rest", () => {
    const message = exampleMessage();
    expect(releaseKey({ ...message, idempotencyKey: { key: "k", fingerprint: "f" } })).toEqual(message);
  });
});

const change = fc.oneof(
  report,
  fc.constant<Change>(withIntent),
  fc.tuple(outcome, time).map(
    ([seen, at]): Change =>
      (message) =>
        withOutcome(message, seen, at),
  ),
  time.map(
    (at): Change =>
      (message) =>
        conclude(message, { as: "exhausted", at }),
  ),
  time.map((at): Change => (message) => {
    const ended = { at, durationMs: 0, outcome: exampleOutcomes.NotSent };
    return addEndedAttempt(message, { startedAt: at, phoneNumberId: "1", spread: 0, ended });
  }),
);

function apply(message: Message, next: Change): Message {
  return next(message);
}

function shown(message: Message) {
  // In these messages attempts begin before the earlier ones have ended. What they were decided on is the first that comes.
  const attempts = message.attempts.map(({ earlierEvidence: _, ...attempt }) => attempt);
  return {
    attempts,
    accepted: acceptedAttempt(message),
    arrival: deliveryTimesOf(message),
    failedAt: failedAtOf(message),
    isPossibleDuplicate: isPossibleDuplicate(message),
    status: statusOf(message),
    failure: failureOfMessage(message),
    wamids: wamidsOf(message),
    keepsUnit: holdsQuotaUnit(message),
  };
}

/** What a caller sees. */
function visible(message: Message) {
  return [
    statusOf(message),
    isSent(message) && acceptedAttempt(message)?.wamid,
    message.sentAt,
    isPossibleDuplicate(message),
    visibleFailureOf(message),
    failedAtOf(message),
    deliveryTimesOf(message),
  ];
}
