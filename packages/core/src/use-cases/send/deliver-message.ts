import { err, ok, type Result } from "neverthrow";

import type { Message } from "../../domain/message.ts";
import { lastRecordedAt, nextStep } from "../../domain/next-step.ts";
import { isFinished, isTakenOver } from "../../domain/status.ts";
import { toWallTime } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { WallSteps } from "../../time/wall-steps.ts";
import type { OutcomeUnrecorded } from "../attempt/commits.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { InProgress, NextAttempt } from "../attempt/next-attempt.ts";
import { recordAttempt, recordEnd } from "../attempt/record-telemetry.ts";

interface DeliverMessageParts {
  readonly nextAttempt: NextAttempt;
  readonly telemetry: Telemetry;
  readonly wallSteps: WallSteps;
  readonly shutdown: ShutdownSignal;
}

export type DeliverMessage = ReturnType<typeof createDeliverMessage>;

/**
 * Carries a message from its first attempt to its end, for the call that waits. The rules are `nextStep`'s; the loop only
 * moves facts. A message that others have taken over meanwhile is left to them.
 */
export function createDeliverMessage({ nextAttempt, telemetry, wallSteps, shutdown }: DeliverMessageParts) {
  const { clock } = wallSteps;

  /** The deadline by the wall clock as it was when the time that the next step is computed from was recorded. */
  function deadlineFor(message: Message, deadlineMs: number): Date {
    return wallSteps.unshifted(toWallTime(clock, deadlineMs), lastRecordedAt(message));
  }

  function waitMs(message: Message, notBefore: Date): number {
    return wallSteps.shifted(notBefore, lastRecordedAt(message)).getTime() - clock.now().getTime();
  }

  async function deliver(
    first: InProgress,
    deadlineMs: number,
    evidenceMs: number,
  ): Promise<Result<Message, OutcomeUnrecorded>> {
    let begun = first;
    let awaitMs = evidenceMs;
    for (;;) {
      const { message } = begun;
      const deadlineAt = deadlineFor(message, deadlineMs);
      recordAttempt(telemetry, message, deadlineAt);
      if (isFinished(message) || isTakenOver(first.message, message)) return ok(message);
      // A status webhook may still prove the lost attempt: its commit then makes the repeat's intent conflict.
      if (awaitMs > 0) await shutdown.sleep(awaitMs);
      awaitMs = 0;
      const step = nextStep(message, deadlineAt);
      if (step.kind === "Settled" || step.kind === "InFlight") return ok(message);
      const conclusion =
        step.kind === "Conclude"
          ? step.conclusion
          : (await shutdown.sleep(waitMs(message, step.notBefore)))
            ? undefined
            : ({ as: "interrupted" } as const);
      const next = conclusion
        ? (await nextAttempt.end(message, conclusion)).map((ended) => ({ message: ended }))
        : await nextAttempt.make(begun, deadlineMs);
      if (next.isErr()) return err(next.error);
      begun = next.value;
    }
  }

  /** `evidenceMs`: how long evidence is awaited before the first step. */
  return async (first: InProgress, deadlineMs: number, evidenceMs = 0): Promise<Result<Message, OutcomeUnrecorded>> => {
    try {
      return (await deliver(first, deadlineMs, evidenceMs)).andTee((message) => recordEnd(telemetry, message));
    } catch (error) {
      telemetry.record({ kind: "BackgroundFault", where: "send", reason: String(error) });
      return err({ kind: "OutcomeUnrecorded", message: first.message, reason: "a port failed" });
    }
  };
}
