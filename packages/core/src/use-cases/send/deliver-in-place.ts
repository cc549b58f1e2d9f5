import { err } from "neverthrow";

import type { Message } from "../../domain/message.ts";
import { endOfTime, evidenceAwaitedUntil, lastRecordedAt } from "../../domain/next-step.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import { toWallTime } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { WallSteps } from "../../time/wall-steps.ts";
import {
  createDeliverMessage,
  type Decision,
  type DeliverMessage,
  type WaitStrategy,
} from "../attempt/deliver-message.ts";
import type { AttemptResult } from "../attempt/attempt.ts";
import type { NextAttempt } from "../attempt/next-attempt.ts";
import { recordAttempt, recordEnd } from "../attempt/record-telemetry.ts";

interface DeliverInPlaceParts {
  readonly nextAttempt: NextAttempt;
  readonly telemetry: Telemetry;
  readonly wallSteps: WallSteps;
  readonly shutdown: ShutdownSignal;
}

/** Delivers a message for a call that waits for it. */
export interface DeliverInPlace {
  /** Sleeps until each attempt is due, up to the call's deadline. */
  deliver: DeliverMessage;
  /** What `deliver` does with a message that its first attempt has finished: nothing is left but to record it. */
  finish(first: AttemptResult): Message;
}

export function createDeliverInPlace(parts: DeliverInPlaceParts): DeliverInPlace {
  const { telemetry } = parts;
  const deliver = createDeliverMessage({ ...parts, waiting: createSleepInPlace(parts) });

  return {
    async deliver(first, deadlineMs) {
      try {
        return await deliver(first, deadlineMs);
      } catch (error) {
        telemetry.record({ kind: "BackgroundFault", where: "send", reason: String(error) });
        return err({ kind: "OutcomeUnrecorded", message: first.message, reason: "a port failed" });
      }
    },
    finish({ message, number, isAfterEnd }) {
      recordAttempt(telemetry, message, endOfTime, number);
      if (!isAfterEnd) recordEnd(telemetry, message);
      return message;
    },
  };
}

const interrupted: Decision = { kind: "Conclude", conclusion: { as: "interrupted" } };

function createSleepInPlace({ wallSteps, shutdown }: DeliverInPlaceParts): WaitStrategy {
  const { clock } = wallSteps;

  /** `at` was computed from the recorded time `from`. */
  function sleepUntil(at: Date, from: Date): Promise<boolean> {
    return shutdown.sleep(wallSteps.shifted(at, from).getTime() - clock.now().getTime());
  }

  return {
    isAwaited: true,
    deadlineFor: (message, deadlineMs) => wallSteps.unshifted(toWallTime(clock, deadlineMs), lastRecordedAt(message)),
    async forEvidence(message) {
      const until = evidenceAwaitedUntil(message);
      const resumedAt = message.liftedConclusions?.at(-1)?.liftedAt;
      if (until && resumedAt) await sleepUntil(until, resumedAt);
    },
    async forAttempt({ current, notBefore, deadlineMs }) {
      const isOpen = await sleepUntil(notBefore, lastRecordedAt(current.message));
      return isOpen ? { kind: "Attempt", permitByMs: deadlineMs } : interrupted;
    },
  };
}
