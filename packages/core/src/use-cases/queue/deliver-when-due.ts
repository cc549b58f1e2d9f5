import type { Message } from "../../domain/message.ts";
import { endOfTime, lastRecordedAt } from "../../domain/next-step.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { expiryOf, type WallSteps } from "../../time/wall-steps.ts";
import {
  createDeliverMessage,
  type Decision,
  type DeliverMessage,
  type DueAttempt,
} from "../attempt/deliver-message.ts";
import type { NextAttempt } from "../attempt/next-attempt.ts";

interface DeliverWhenDueParts {
  readonly nextAttempt: NextAttempt;
  readonly telemetry: Telemetry;
  readonly wallSteps: WallSteps;
  readonly shutdown: ShutdownSignal;
}

const permitWaitMs = 1000;
/** The store decides when a row is due. A wall clock that NTP corrects may be slightly behind it. */
const rowSlackMs = 500;

const expired: Decision = { kind: "Conclude", conclusion: { as: "expired" } };
const giveBack: Decision = { kind: "GiveBack" };

/** Delivers for the queue: takes the steps that are due now, then gives the message back until the next one is due. */
export function createDeliverWhenDue(parts: DeliverWhenDueParts): DeliverMessage {
  const { wallSteps, shutdown } = parts;
  const { clock } = wallSteps;

  /** The expiry by the wall clock that recorded the time from which the next step is computed. */
  function deadlineFor(message: Message): Date {
    if (!message.policy.expiresAt) return endOfTime;
    return wallSteps.unshifted(expiryOf(wallSteps, message), lastRecordedAt(message));
  }

  function isDue({ current: { message }, isFirst, notBefore, deadlineAt }: DueAttempt, now: Date): boolean {
    // After the clock was set, a document may look expired. Its row is then due at once, whatever its slot.
    const isRowExact = isFirst && deadlineAt.getTime() === (message.policy.expiresAt ?? endOfTime).getTime();
    const slotAt = wallSteps.shifted(notBefore, lastRecordedAt(message));
    return slotAt.getTime() - (isRowExact ? rowSlackMs : 0) <= now.getTime();
  }

  function forAttempt(due: DueAttempt): Decision {
    const { message, outcome } = due.current;
    // A row that the store reports as due is not held back any more.
    const heldUntil = due.isFirst ? undefined : message.heldUntil;
    const wasHeld = heldUntil !== undefined && !outcome;
    const now = clock.now();
    const expiresAt = expiryOf(wallSteps, message);
    if (now > expiresAt || (wasHeld && now >= expiresAt)) return expired;
    if ((wasHeld && heldUntil > now) || !isDue(due, now) || shutdown.closing) return giveBack;
    const waitMs = Math.min(permitWaitMs, expiresAt.getTime() - now.getTime());
    return { kind: "Attempt", permitByMs: clock.monotonicMs() + waitMs };
  }

  return createDeliverMessage({
    ...parts,
    waiting: { isAwaited: false, deadlineFor, forEvidence: async () => {}, forAttempt },
  });
}
