import { isWithheld, type Outcome } from "../../domain/outcome.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Permit } from "../../ports/pacer.ts";
import type { Submission, Submitted, Transport } from "../../ports/transport.ts";
import { createInSlot } from "./in-slot.ts";

interface SubmitInSlotParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly shutdown: ShutdownSignal;
  readonly attemptTimeoutMs: number;
}

/** Submits a message in a slot of its number, by a process that still has its lease (`isHeld`). */
export type SubmitInSlot = (submission: Submission, permit: Permit, isHeld: () => boolean) => Promise<Outcome>;

export function createSubmitInSlot(parts: SubmitInSlotParts): SubmitInSlot {
  const inSlot = createInSlot(parts);
  return async (submission, permit, isHeld) => {
    try {
      const submitted = await inSlot(
        (timeoutMs, mayBegin) => parts.transport.submit(submission, timeoutMs, mayBegin),
        permit,
        () => (isHeld() ? undefined : leaseOver),
      );
      if (!submitted) return notAnswered;
      return isWithheld(submitted) ? submitted : afterReport(submitted, permit);
    } catch (error) {
      // It may have sent the message.
      return ambiguous(`the transport failed: ${error instanceof Error ? error.name : "no error"}`);
    }
  };
}

/** Reports WhatsApp's answer to the pacer, and returns it as it is stored. A pacer that throws must not cost the answer. */
function afterReport(submitted: Submitted, permit: Permit): Outcome {
  try {
    permit.reportOutcome(submitted);
  } catch {
    // The pacer continues without it.
  }
  if (submitted.usage === undefined) return submitted;
  // Usage figures are for the pacer. They are not stored with the message.
  const { usage: _, ...outcome } = submitted;
  return outcome;
}

const leaseOver =
  "this process was paused or without its store for so long that another one may have taken the message over";

const notAnswered = ambiguous("the sender was shut down before an answer arrived");

function ambiguous(cause: string): Outcome {
  return { kind: "Ambiguous", sawSuccess: false, cause };
}
