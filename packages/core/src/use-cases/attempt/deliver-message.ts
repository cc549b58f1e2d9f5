import { err, ok, type Result } from "neverthrow";

import type { Conclusion, Message } from "../../domain/message.ts";
import { endOfTime, evidenceAwaitedUntil, nextStep, withoutHold } from "../../domain/next-step.ts";
import { isFinished, isTakenOver } from "../../domain/status.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { OutcomeUnrecorded } from "./commits.ts";
import type { InProgress, NextAttempt } from "./next-attempt.ts";
import { recordAttempt, recordEnd } from "./record-telemetry.ts";

/** How a delivery waits for the next step of its message: in place, or back in the queue. */
export interface WaitStrategy {
  /** Whether a caller waits. Telemetry then gets each state of the message, otherwise only those after an attempt. */
  readonly isAwaited: boolean;
  /** Until when an attempt may begin, by the wall clock that recorded the times in the document. */
  deadlineFor(message: Message, deadlineMs: number): Date;
  /** Waits for a status webhook that may still settle a lost attempt. If one arrives, the commit of a repeat conflicts with it. */
  forEvidence(message: Message): Promise<void>;
  /** Waits until the next attempt is due, or decides against it. */
  forAttempt(due: DueAttempt): Promise<Decision> | Decision;
}

/** An attempt that `nextStep` asked for. */
export interface DueAttempt {
  readonly current: InProgress;
  /** Whether the delivery has just begun and has done nothing with the message yet. */
  readonly isFirst: boolean;
  readonly notBefore: Date;
  readonly deadlineAt: Date;
  readonly deadlineMs: number;
}

/** What to do with a message whose next step is an attempt. `GiveBack` leaves it unchanged. */
export type Decision =
  | { readonly kind: "Attempt"; readonly permitByMs: number }
  | { readonly kind: "Conclude"; readonly conclusion: Omit<Conclusion, "at"> }
  | { readonly kind: "GiveBack" };

/**
 * Delivers a message until it is finished, somebody else has taken it over, or the wait strategy gives it back. Records the attempts, and
 * the end of a message that it finished. Returns the message as it was last seen. `deadlineMs` is for the wait strategy; the queue's
 * deadline is in the document.
 */
export type DeliverMessage = (first: InProgress, deadlineMs?: number) => Promise<Result<Message, OutcomeUnrecorded>>;

interface DeliverMessageParts {
  readonly nextAttempt: NextAttempt;
  readonly telemetry: Telemetry;
  readonly waiting: WaitStrategy;
}

/** The one loop over `nextStep`. `nextStep` has all the rules; the loop only moves facts. */
export function createDeliverMessage({ nextAttempt, telemetry, waiting }: DeliverMessageParts): DeliverMessage {
  return async (first, deadlineMs = Infinity) => {
    let current = first;
    for (;;) {
      const { message } = current;
      const isEnded = isFinished(message);
      const deadlineAt = isEnded ? endOfTime : waiting.deadlineFor(message, deadlineMs);
      if (current.outcome || waiting.isAwaited) recordAttempt(telemetry, message, deadlineAt, current.number);
      if (isEnded && !current.isAfterEnd) recordEnd(telemetry, message);
      if (isEnded || isTakenOver(first.message, message)) return ok(message);
      if (evidenceAwaitedUntil(message)) await waiting.forEvidence(message);
      const step = nextStep(withoutHold(message), deadlineAt);
      if (step.kind === "Settled" || step.kind === "InFlight") return ok(message);
      const isFirst = current === first;
      const decision =
        step.kind === "Conclude"
          ? step
          : await waiting.forAttempt({ current, isFirst, notBefore: step.notBefore, deadlineAt, deadlineMs });
      if (decision.kind === "GiveBack") return ok(message);
      const next =
        decision.kind === "Conclude"
          ? (await nextAttempt.end(message, decision.conclusion)).map((ended) => ({ message: ended }))
          : await nextAttempt.make(current, decision.permitByMs);
      if (next.isErr()) return err(next.error);
      if (next.value.message === message) return ok(message);
      current = next.value;
    }
  };
}
