import { expect } from "vitest";

import type { Message } from "../../domain/message.ts";
import { conclude, endAttempt, requeue } from "../../domain/message-changes.ts";
import { recordProviderFacts } from "../../domain/provider-facts.ts";
import type { Case } from "../contract.ts";
import {
  exampleFailure,
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  oddText,
  withIntent,
  withOutcome,
  withReport,
} from "../fixtures.ts";
import { accept, commit, find } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";

export const findCases: readonly Case<StoreSubject>[] = [
  {
    name: "Finds a message by its id, by each id that WhatsApp gave it and by its tenant's key",
    async run(subject) {
      await accept(subject, exampleMessage());
      const message = withIntent(withIntent(withIntent(exampleMessage({ key }))));
      const once = accepted(message, 2, "wamid.2");
      const twice = accepted(once, 1, "wamid.1");
      const attempt = { number: 3, wamid: "wamid.3" };
      const thrice = recordProviderFacts(twice, [{ status: "sent", at: exampleTime, attempt }]);
      await accept(subject, message);
      for (const next of [once, twice, thrice]) await commit(subject, next);
      for (const by of [
        { id: message.id },
        { wamid: "wamid.1" },
        { wamid: "wamid.2" },
        { wamid: "wamid.3" },
        { tenantId: "tenant-1", key: key.key },
      ]) {
        expect(await find(subject, by)).toEqual(thrice);
      }
    },
  },
  {
    name: "A message that is not there is `undefined`",
    async run(subject) {
      await accept(subject, withOutcome(withIntent(exampleMessage({ key })), exampleOutcomes.Accepted));
      for (const by of [
        { id: "constructor" },
        { wamid: "__proto__" },
        { tenantId: "tenant-2", key: key.key },
        { tenantId: "tenant-1", key: "order-4" },
      ]) {
        expect(await find(subject, by)).toBeUndefined();
      }
    },
  },
  {
    name: "Every document comes back unchanged, to the last code point and millisecond",
    async run(subject) {
      const odd = exampleMessage({
        body: oddText,
        tenantId: "__proto__",
        conversationId: "constructor",
        key: { key: `__proto__"'\\%`, fingerprint: "a".repeat(64) },
      });
      const full = { ...odd, request: { ...odd.request, reference: oddText, traceparent: "00-4bf9-00f0-01" } };
      const fates: ((message: Message) => Message)[] = [
        (message) =>
          conclude(message, { as: "throttled", at: exampleTime, retryAt: new Date(exampleTime.getTime() + 1) }),
        queuedAnew,
        sentAfterEverything,
        takenTwice,
        answeredLate,
      ];
      for (const [index, fate] of fates.entries()) {
        const accepted = {
          ...full,
          id: `${full.id}-${index}`,
          request: { ...full.request, conversationId: `c${index}` },
        };
        if (index > 0) delete (accepted as { idempotencyKey?: unknown }).idempotencyKey;
        expect(await accept(subject, accepted)).toEqual({ kind: "New" });
        expect(await find(subject, { id: accepted.id })).toEqual(accepted);
        const next = { ...fate(accepted), revision: 2 };
        expect((await commit(subject, next)).message).toEqual(next);
        expect(await find(subject, { id: accepted.id })).toEqual(next);
      }
    },
  },
];

const key = { key: "order-42", fingerprint: "f1" };

function accepted(message: Message, number: number, wamid: string): Message {
  const outcome = { ...exampleOutcomes.Accepted, wamid };
  return endAttempt(message, number, { at: exampleTime, durationMs: 87, outcome });
}

/** A webhook named a second id for an attempt, before its answer did. */
function takenTwice(message: Message): Message {
  const reported = withReport(withIntent(message), "sent", exampleTime, { wamid: `wamid.other of ${message.id}` });
  return withOutcome(reported, { ...exampleOutcomes.Accepted, wamid: `wamid.own of ${message.id}` });
}

/** An attempt was repeated after a webhook had said that it failed, and before its answer was recorded. */
function answeredLate(message: Message): Message {
  const said = { number: 1, wamid: `wamid.late of ${message.id}`, failure: exampleFailure };
  const failed = withReport(withOutcome(withIntent(message), exampleOutcomes.Ambiguous), "failed", exampleTime, said);
  return accepted(withOutcome(withIntent(failed), exampleOutcomes.NotSent), 1, said.wamid);
}

function queuedAnew(message: Message): Message {
  const lost = withOutcome(withIntent(message), exampleOutcomes.Ambiguous);
  return requeue(conclude(lost, { as: "held", at: exampleTime }), exampleTime, new Date(exampleTime.getTime() + 1));
}

function sentAfterEverything(message: Message): Message {
  const { Accepted, ...others } = exampleOutcomes;
  let next = message;
  for (const outcome of [...Object.values(others), Accepted]) next = withOutcome(withIntent(next), outcome);
  for (const status of ["sent", "delivered", "read", "played", "failed"] as const) {
    const { failure, pricing } = { failure: exampleFailure, pricing: { billable: false, category: oddText } };
    next = withReport(next, status, exampleTime, { failure, pricing });
  }
  return withIntent(next);
}
