import { expect } from "vitest";

import type { Message } from "../../domain/message.ts";
import { conclude, requeue } from "../../domain/message-changes.ts";
import { queueDueAt } from "../../domain/next-step.ts";
import type { Case } from "../contract.ts";
import { exampleMessage, exampleOutcomes, withIntent, withOutcome } from "../fixtures.ts";
import { accept, commit, due, later } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { succeeds } from "../results.ts";

export const queueCases: readonly Case<StoreSubject>[] = [
  {
    name: "Up to `limit` messages that are due in the queue by now",
    async run(subject) {
      const messages = await acceptAll(
        subject,
        Array.from({ length: 5 }, () => queued(subject)),
      );
      expect(await due(subject, 2)).toHaveLength(2);
      expect(byId(await due(subject))).toEqual(byId(messages));
    },
  },
  {
    name: "due in the queue by now (`queueDueAt`)",
    async run(subject) {
      const [inTime, overtime, inFlight, sent, concluded] = await acceptAll(subject, [
        queued(subject, 60_000),
        expiring(queued(subject), later(subject.clock, -1)),
        withIntent(queued(subject)),
        withOutcome(withIntent(queued(subject)), exampleOutcomes.Accepted),
        conclude(queued(subject), { as: "canceled", at: subject.clock.now() }),
        exampleMessage({ mode: "waiting", acceptedAt: subject.clock.now() }),
      ]);
      expect(await due(subject)).toEqual([overtime]);
      await subject.advance(59_999);
      expect(await due(subject)).toEqual([overtime]);
      await subject.advance(1);
      expect(byId(await due(subject))).toEqual(byId([inTime, overtime]));
      await subject.advance(60_000);
      expect(idsOf(await due(subject))).not.toEqual(
        expect.arrayContaining([expect.toBeOneOf(idsOf([inFlight, sent, concluded]))]),
      );
    },
  },
  {
    name: "the earliest first",
    async run(subject) {
      const messages = await acceptAll(
        subject,
        [30, -20, 10, -40, 0].map((ms) => queued(subject, ms)),
      );
      await subject.advance(1000);
      const dueMs = (message: Message): number => queueDueAt(message)?.getTime() ?? Infinity;
      const inOrder = messages.toSorted((a, b) => dueMs(a) - dueMs(b));
      expect(idsOf(await due(subject))).toEqual(idsOf(inOrder));
      expect(idsOf((await due(subject, 2)).slice(0, 2))).toEqual(idsOf(inOrder.slice(0, 2)));
    },
  },
  {
    name: "whichever process wrote to them",
    async run(subject) {
      const [message] = await acceptAll(subject, [queued(subject)]);
      const intended = withIntent(message);
      await commit(subject, intended);
      expect(await due(subject)).toEqual([]);
      const unanswered = withOutcome(intended, exampleOutcomes.Ambiguous, subject.clock.now());
      await commit(subject, unanswered);
      await subject.advance(message.policy.evidenceMs - 1);
      expect(await due(subject)).toEqual([]);
      await subject.advance(3000);
      expect(await due(subject)).toEqual([unanswered]);
      const concluded = conclude(unanswered, { as: "expired", at: subject.clock.now() });
      await commit(subject, concluded);
      expect(await due(subject)).toEqual([]);
      const anew = requeue(concluded, subject.clock.now(), later(subject.clock, 60_000));
      await commit(subject, anew);
      expect(await due(subject)).toEqual([anew]);
    },
  },
  {
    name: "due on time, however the wall clock is set after they are written",
    async run(subject) {
      for (const stepMs of [20_000, -20_000]) {
        const [{ id }] = await acceptAll(subject, [queued(subject, 10_000)]);
        subject.shiftWallClock(stepMs);
        await subject.advance(9999);
        expect(idsOf(await due(subject))).not.toContain(id);
        await subject.advance(1);
        expect(idsOf(await due(subject))).toContain(id);
      }
    },
  },
  {
    name: "What this process wrote to last is never among them",
    async run(subject) {
      await acceptAll(subject, [exampleMessage(), withIntent(queued(subject)), withIntent(exampleMessage())]);
      await subject.advance(60_000);
      expect(succeeds(await subject.messages.overdue(100))).toEqual([]);
    },
  },
];

/** A message whose turn in the queue comes so long from now. */
function queued({ clock }: StoreSubject, inMs = 0): Message {
  const message = exampleMessage({ mode: "queued", acceptedAt: later(clock, Math.min(inMs, 0)) });
  return inMs > 0 ? { ...message, policy: { ...message.policy, scheduleMs: [inMs] } } : message;
}

function expiring(message: Message, expiresAt: Date): Message {
  return { ...message, policy: { ...message.policy, expiresAt } };
}

async function acceptAll<const Messages extends readonly Message[]>(
  subject: StoreSubject,
  messages: Messages,
): Promise<Messages> {
  for (const message of messages) expect(await accept(subject, message)).toEqual({ kind: "New" });
  return messages;
}

function idsOf(messages: readonly Message[]): string[] {
  return messages.map(({ id }) => id);
}

function byId(messages: readonly Message[]): readonly Message[] {
  return messages.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
