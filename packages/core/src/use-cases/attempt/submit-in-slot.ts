import type { Outcome } from "../../domain/outcome.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Permit } from "../../ports/pacer.ts";
import type { Submission, Submitted, Transport } from "../../ports/transport.ts";

interface SubmitInSlotParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly shutdown: ShutdownSignal;
  readonly attemptTimeoutMs: number;
}

/**
 * Submits a message in a slot of its number, by a process that still has its lease. Both are checked before the submission, and once more
 * right before its first byte: it may have waited for a connection, or the process may have been suspended. `isHeld`: whether it has it.
 */
export type SubmitInSlot = (submission: Submission, permit: Permit, isHeld: () => boolean) => Promise<Outcome>;

export function createSubmitInSlot({ transport, clock, shutdown, attemptTimeoutMs }: SubmitInSlotParts): SubmitInSlot {
  return async (submission, permit, isHeld) => {
    const startedMs = clock.monotonicMs();
    let slot = permit.awaitSlot();
    for (let leftMs = attemptTimeoutMs; leftMs > 0; leftMs = attemptTimeoutMs - (clock.monotonicMs() - startedMs)) {
      const noSlot = slot && (await slot);
      if (noSlot) return withheld(noSlot.reason);
      if (!isHeld()) return withheld(leaseOver);
      slot = undefined;
      let isHeldBack = false;
      const mayBegin = (): boolean => {
        isHeldBack = !isHeld();
        if (!isHeldBack) slot = permit.awaitSlot();
        isHeldBack ||= slot !== undefined;
        return !isHeldBack;
      };
      try {
        const submitted = await shutdown.orAborted(transport.submit(submission, leftMs, mayBegin));
        if (!submitted?.isOk()) return notAnswered;
        if (!isHeldBack || submitted.value.kind !== "NotSent") return afterReport(submitted.value, permit);
      } catch (error) {
        // It may have sent the message.
        return ambiguous(`the transport failed: ${error instanceof Error ? error.name : "no error"}`);
      }
    }
    return withheld(isHeld() ? noConnection : leaseOver);
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

const noConnection = "its connections were ready too late for their slots in the number's rate";

function withheld(cause: string): Outcome {
  return { kind: "NotSent", final: false, withheld: true, cause };
}

const notAnswered = ambiguous("the sender was shut down before an answer arrived");

function ambiguous(cause: string): Outcome {
  return { kind: "Ambiguous", sawSuccess: false, cause };
}
