import { expect, it } from "vitest";

import { exampleCommand, exampleMessage, exampleOutcomes, withIntent, withOutcome } from "../../contracts/fixtures.ts";
import { explain } from "../../domain/explain/explanation.ts";
import { endOfTime } from "../../domain/next-step.ts";
import type { AttemptSummary, TelemetryEvent } from "../../ports/telemetry.ts";
import { createTestPorts } from "../../in-memory/index.ts";
import { createMessageSender } from "../message-sender.ts";
import { recordAttempt, recordEnd } from "./record-telemetry.ts";

function recordedBy(act: (telemetry: { record(event: TelemetryEvent): void }) => void): TelemetryEvent | undefined {
  const events: TelemetryEvent[] = [];
  act({ record: (event) => void events.push(event) });
  return events[0];
}

const isPutOff = (attempt: AttemptSummary | undefined) =>
  attempt !== undefined && Object.getOwnPropertyDescriptor(attempt, "reason")?.get !== undefined;

it("the reason of an attempt is put into words only when it is read", () => {
  const throttled = withOutcome(withIntent(exampleMessage({ mode: "queued" })), exampleOutcomes.Throttled);
  const event = recordedBy((telemetry) => recordAttempt(telemetry, throttled, endOfTime));
  if (event?.kind !== "AttemptEnded") throw new Error("An attempt has ended.");
  expect(isPutOff(event.attempt)).toBe(true);
  expect(event.attempt.reason).toBe(explain(throttled, throttled.attempts[0]!, endOfTime).reason);
});

it("the reasons of a message that was sent after a repeat are too, except that of its accepted attempt", () => {
  const throttled = withOutcome(withIntent(exampleMessage({ mode: "queued" })), exampleOutcomes.Throttled);
  const sent = withOutcome(withIntent(throttled), exampleOutcomes.Accepted);
  const event = recordedBy((telemetry) => recordEnd(telemetry, sent));
  if (event?.kind !== "MessageSent") throw new Error("It was sent.");
  expect(event.retried?.map(isPutOff)).toEqual([true, false]);
  expect(event.retried?.map(({ outcome }) => outcome)).toEqual(["Throttled", "Accepted"]);
});

it.each(["AttemptEnded", "MessageSent", "HistoryStored"])(
  "an event of %s is left out if nobody records it, and no other event is",
  async (kind) => {
    const ports = createTestPorts();
    const { events, record } = ports.telemetry;
    const telemetry = { record, records: (asked: string) => asked !== kind };
    const sender = createMessageSender({ ...ports, telemetry }, { retry: { jitter: 0 } });
    (await sender.send(exampleCommand))._unsafeUnwrap();
    await sender.tick();
    expect(events.map((event) => event.kind)).not.toContain(kind);
    expect(events).toHaveLength(5);
  },
);
