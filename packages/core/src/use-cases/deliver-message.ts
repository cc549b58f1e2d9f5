import { err, ok, type Result } from "neverthrow";

import type { Message } from "../domain/message.ts";
import { nextStep } from "../domain/next-step.ts";
import { isFinished, isTakenOver } from "../domain/status.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { OutcomeUnrecorded } from "./amend.ts";
import type { Drain } from "./drain.ts";
import type { Begun, NextAttempt } from "./next-attempt.ts";
import { recordAttempt, recordEnd } from "./record-telemetry.ts";

/**
 * Carries a message from its first attempt to its end, for the call that waits. The rules are `nextStep`'s; the loop only
 * moves facts. A message that others have taken over meanwhile is left to them.
 */
export function createDeliverMessage(nextAttempt: NextAttempt, telemetry: Telemetry, drain: Drain) {
  async function deliver(first: Begun, deadlineAt: Date): Promise<Result<Message, OutcomeUnrecorded>> {
    let begun = first;
    for (;;) {
      const { message } = begun;
      recordAttempt(telemetry, message, deadlineAt);
      if (isFinished(message) || isTakenOver(first.message, message)) return ok(message);
      const step = nextStep(message, deadlineAt);
      if (step.kind === "Settled" || step.kind === "InFlight") return ok(message);
      const conclusion =
        step.kind === "Conclude"
          ? step.conclusion
          : (await drain.sleepUntil(step.notBefore))
            ? undefined
            : ({ as: "interrupted" } as const);
      const next = conclusion
        ? (await nextAttempt.end(message, conclusion)).map((ended) => ({ message: ended }))
        : await nextAttempt.make(begun, deadlineAt);
      if (next.isErr()) return err(next.error);
      begun = next.value;
    }
  }

  return async (first: Begun, deadlineAt: Date): Promise<Result<Message, OutcomeUnrecorded>> => {
    try {
      return (await deliver(first, deadlineAt)).andTee((message) => recordEnd(telemetry, message));
    } catch (error) {
      telemetry.record({ kind: "BackgroundFault", where: "send", reason: String(error) });
      return err({ kind: "OutcomeUnrecorded", message: first.message, reason: "a port failed" });
    }
  };
}
