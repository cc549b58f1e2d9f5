import type { MessageId } from "../domain/identifiers.ts";
import type { Message } from "../domain/message.ts";
import { endOfTime, nextStep } from "../domain/next-step.ts";
import { isFinished } from "../domain/status.ts";
import type { Clock } from "../ports/clock.ts";
import type { MessageStore } from "../ports/message-store.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { Drain } from "./drain.ts";
import type { Begun, NextAttempt } from "./next-attempt.ts";
import { recordAttempt, recordEnd } from "./record-telemetry.ts";

/** Goes on with the messages that no call waits for. The rows decide what is due; a commit decides who makes an attempt. */
export interface QueueWork {
  /** Begins on what is due, in the background. */
  wake(): void;
  /** Resolves when nothing is due any more, or nothing can go on now. */
  tick(): Promise<void>;
}

interface QueueWorkParts {
  readonly messages: MessageStore;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly nextAttempt: NextAttempt;
  readonly drain: Drain;
  /** Counts the work in, so that a shutdown waits for it. */
  readonly track: (work: Promise<void>) => Promise<void>;
}

const atOnce = 64;
/** A message that gets no permit by then is looked at again in the next round. */
const permitWaitMs = 1000;

export function createQueueWork(parts: QueueWorkParts): QueueWork {
  const { messages, clock, telemetry, nextAttempt, drain, track } = parts;
  const underWay = new Map<MessageId, Promise<void>>();
  let beginning: Promise<void> | undefined;
  let isWoken = false;

  function fault(reason: string): void {
    telemetry.record({ kind: "BackgroundFault", where: "queue", reason });
  }

  /** Takes every step that is due now; gives whether there was one. */
  async function advance(message: Message): Promise<boolean> {
    const expiresAt = message.policy.expiresAt ?? endOfTime;
    let begun: Begun = { message };
    for (;;) {
      const current = begun.message;
      if (begun.outcome) recordAttempt(telemetry, current, expiresAt);
      const step = nextStep(current, expiresAt);
      if (step.kind === "Settled") recordEnd(telemetry, current);
      if (step.kind === "Settled" || step.kind === "InFlight") return true;
      const now = clock.now();
      if (step.kind === "Conclude" || now > expiresAt) {
        const ended = await nextAttempt.end(current, step.kind === "Conclude" ? step.conclusion : { as: "expired" });
        if (ended.isErr()) {
          fault(ended.error.reason);
          return false;
        }
        begun = { message: ended.value };
        if (isFinished(ended.value)) {
          recordEnd(telemetry, ended.value);
          return true;
        }
        continue;
      }
      if (step.notBefore > now || drain.closing) return current !== message;
      const made = await nextAttempt.make(begun, new Date(now.getTime() + permitWaitMs));
      if (made.isErr()) {
        telemetry.record({ kind: "OutcomeUnrecorded", messageId: message.id, reason: made.error.reason });
        return false;
      }
      if (made.value.message === current) return current !== message;
      begun = made.value;
    }
  }

  async function guarded(message: Message): Promise<void> {
    let moved = false;
    try {
      moved = await advance(message);
    } catch (error) {
      fault(String(error));
    }
    underWay.delete(message.id);
    // What did not go on now is left for the next round.
    if (moved) wake();
  }

  /** Begins on what is due, as far as there is room. */
  async function begin(): Promise<void> {
    if (drain.closing || underWay.size >= atOnce) return;
    const due = await messages.due(atOnce);
    if (due.isErr()) return fault(due.error.reason);
    for (const message of due.value) {
      if (underWay.size < atOnce && !underWay.has(message.id)) underWay.set(message.id, track(guarded(message)));
    }
  }

  async function beginWhileWoken(): Promise<void> {
    while (isWoken) {
      isWoken = false;
      await begin();
    }
    beginning = undefined;
  }

  function wake(): void {
    isWoken = true;
    beginning ??= beginWhileWoken();
  }

  return {
    wake,
    async tick() {
      wake();
      while (beginning || underWay.size > 0) await Promise.all([beginning, ...underWay.values()]);
    },
  };
}
