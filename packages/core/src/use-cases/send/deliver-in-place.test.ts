import { describe, expect, it } from "vitest";

import { exampleMessage, exampleOutcomes, withIntent, withOutcome, withReport } from "../../contracts/fixtures.ts";
import { conclude } from "../../domain/message-changes.ts";
import type { Message } from "../../domain/message.ts";
import { isFinished } from "../../domain/status.ts";
import { createManualClock, createRecordingTelemetry } from "../../in-memory/index.ts";
import { createShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import { createWallSteps } from "../../time/wall-steps.ts";
import type { NextAttempt } from "../attempt/next-attempt.ts";
import { createDeliverInPlace } from "./deliver-in-place.ts";

const noAttempt: NextAttempt = {
  make: () => Promise.reject(new Error("a finished message gets no attempt")),
  end: () => Promise.reject(new Error("a finished message is not concluded")),
};

function createSubject() {
  const telemetry = createRecordingTelemetry();
  const wallSteps = createWallSteps(createManualClock());
  const shutdown = createShutdownSignal(wallSteps.clock);
  return { telemetry, ...createDeliverInPlace({ nextAttempt: noAttempt, telemetry, wallSteps, shutdown }) };
}

const { Accepted, Refused, Ambiguous } = exampleOutcomes;
const accepted = withOutcome(withIntent(exampleMessage()), Accepted);

describe.each<readonly [string, Message]>([
  ["accepted", accepted],
  ["read", withReport(withReport(accepted, "delivered"), "read")],
  ["failed after it was accepted", withReport(withReport(accepted, "sent"), "failed")],
  ["proved by a webhook", withReport(withOutcome(withIntent(exampleMessage()), Ambiguous), "sent")],
  ["accepted at a repeat", withOutcome(withIntent(withOutcome(withIntent(exampleMessage()), Refused)), Accepted)],
  ["canceled", conclude(exampleMessage(), { as: "canceled", at: accepted.acceptedAt })],
])("a message that was %s is finished", (_, message) => {
  it("and recorded as the loop records it", async () => {
    const [loop, short] = [createSubject(), createSubject()];
    for (const isAfterEnd of [false, true]) {
      const first = { message, outcome: Accepted, number: message.attempts.length, isAfterEnd };
      const delivered = await loop.deliver(first, 60_000);
      expect(isFinished(message)).toBe(true);
      expect([short.finish(first), short.telemetry.events]).toEqual([delivered._unsafeUnwrap(), loop.telemetry.events]);
    }
  });
});
