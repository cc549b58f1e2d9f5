import { ok, type Result } from "neverthrow";

import type { Message } from "../domain/message.ts";
import { nextStep } from "../domain/next-step.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { OutcomeUnrecorded } from "./amend.ts";
import type { Drain } from "./drain.ts";
import type { Begun, NextAttempt } from "./next-attempt.ts";
import { recordAttempt, recordEnd } from "./record-telemetry.ts";

/** Carries a message from its first attempt to its end, for the call that waits. The rules are `nextStep`'s; the loop only moves facts. */
export function createDeliverMessage(nextAttempt: NextAttempt, telemetry: Telemetry, drain: Drain) {
  const recordedEnd = (ended: Result<Message, OutcomeUnrecorded>) =>
    ended.andTee((message) => recordEnd(telemetry, message));

  return async (first: Begun, deadlineAt: Date): Promise<Result<Message, OutcomeUnrecorded>> => {
    let begun = first;
    for (;;) {
      const { message } = begun;
      recordAttempt(telemetry, message, deadlineAt);
      const step = nextStep(message, deadlineAt);
      if (step.kind === "Settled" || step.kind === "InFlight") return recordedEnd(ok(message));
      if (step.kind === "Conclude") return recordedEnd(await nextAttempt.end(message, step.conclusion));
      if (!(await drain.sleepUntil(step.notBefore))) {
        return recordedEnd(await nextAttempt.end(message, { as: "interrupted" }));
      }
      const made = await nextAttempt.make(begun, deadlineAt);
      if (made.isErr()) return made.map(({ message: after }) => after);
      begun = made.value;
    }
  };
}
