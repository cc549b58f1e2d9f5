import type { Message } from "@message-sender/core";
import { exampleOutcomes, exampleTime, withIntent, withOutcome } from "@message-sender/core/contracts";
import fc from "fast-check";

import { anyText } from "../../../tests/support/any-text.ts";

const topic = fc.constantFrom("history" as const, "webhook" as const, "status" as const);
const age = fc.constantFrom(0, 1000, 31_000);

/** A call to make on a few messages, keys, conversations, webhooks and blocks, each named by a small number. */
export const step = fc.oneof(
  fc.record({
    kind: fc.constant("accept" as const),
    tenant: fc.nat(1),
    key: fc.option(fc.nat(2)),
    fingerprint: fc.nat(1),
    outlet: fc.nat(1),
    recipient: fc.nat(1),
    conversation: fc.nat(1),
    block: fc.nat(1),
    mode: fc.constantFrom("waiting" as const, "queued" as const),
    body: anyText({ maxLength: 8 }),
  }),
  fc.record({
    kind: fc.constant("commit" as const),
    message: fc.nat(9),
    change: fc.constantFrom("intent", "sent", "sent", "ambiguous", "concluded", "freed"),
    isStale: fc.integer({ min: 0, max: 4 }).map((drawn) => drawn === 0),
  }),
  // Claims the lines that are due, reads their heads, and releases all that are held or keeps them until a later one.
  fc.record({ kind: fc.constant("work" as const), each: fc.integer({ min: 1, max: 3 }), keeps: fc.boolean() }),
  fc.record({ kind: fc.constant("claim" as const), topic }),
  fc.record({
    kind: fc.constant("settle" as const),
    entry: fc.nat(9),
    as: fc.constantFrom("delivered" as const, "dead" as const, 1000, 60_000),
    isUntried: fc.boolean(),
    why: fc.constantFrom(undefined, "no answer", `refused: "400" é👩`),
  }),
  fc.record({ kind: fc.constantFrom("hasten" as const, "revive one" as const), message: fc.nat(9), topic }),
  fc.record({ kind: fc.constantFrom("revive" as const, "discard" as const), topic }),
  fc.record({ kind: fc.constant("advance" as const), ms: fc.constantFrom(500, 1000, 31_000) }),
  fc.record({ kind: fc.constantFrom("request" as const, "withdraw" as const), request: fc.nat(1) }),
  fc.record({ kind: fc.constantFrom("open" as const, "close" as const), block: fc.nat(1), request: fc.nat(1) }),
  fc.record({
    kind: fc.constant("take" as const),
    request: fc.nat(4),
    startsAt: fc.nat(2),
    limit: fc.constantFrom(5, 10, Number.MAX_SAFE_INTEGER),
    amount: fc.integer({ min: 1, max: 6 }),
  }),
  fc.record({ kind: fc.constant("settleUnits" as const), request: fc.nat(4), used: fc.nat(6) }),
  fc.record({
    kind: fc.constantFrom("park" as const, "drop" as const),
    message: fc.nat(9),
    status: fc.constantFrom("sent" as const, "read" as const),
  }),
  fc.record({
    kind: fc.constant("webhook" as const),
    webhook: fc.nat(3),
    forward: fc.boolean(),
    body: anyText({ maxLength: 8 }),
  }),
  fc.record({
    kind: fc.constant("note" as const),
    said: fc.constantFrom("Wrote" as const, "StoppedMarketing" as const, "ResumedMarketing" as const),
    ages: fc.array(age, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant("forget" as const),
    ages: fc.record({ keys: age, messages: age, parkedStatuses: age, webhooks: age, recipients: age }),
  }),
);

export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The message with one more fact, at its next revision. */
export function changed(message: Message, change: string): Message {
  const next = { ...message, revision: message.revision + 1 };
  const inFlight = { ...withIntent(message), revision: message.revision };
  switch (change) {
    case "sent":
      return withOutcome(inFlight, { ...exampleOutcomes.Accepted, wamid: `wamid.${message.id}` });
    case "ambiguous":
      return withOutcome(inFlight, exampleOutcomes.Ambiguous);
    case "concluded":
      return { ...next, conclusion: { as: "exhausted", at: exampleTime } };
    case "freed": {
      const { idempotencyKey: _, ...keyless } = next;
      return keyless;
    }
    default:
      return withIntent(message);
  }
}
