import type { MessageId, OutletRef } from "../../content/identifiers.ts";
import type { Message } from "../../domain/message.ts";
import { endOfTime, lastRecordedAt, nextStep, withoutHold } from "../../domain/next-step.ts";
import { isFinished } from "../../domain/status.ts";
import { toMonotonicMs } from "../../ports/clock.ts";
import type { MessageStore } from "../../ports/message-store.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { expiryOf, type WallSteps } from "../../time/wall-steps.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { InProgress, NextAttempt } from "../attempt/next-attempt.ts";
import { recordAttempt, recordEnd } from "../attempt/record-telemetry.ts";

/** Goes on with the messages that no call waits for. The rows decide what is due; a commit decides who makes an attempt. */
export interface QueueWork {
  /** Begins on what is due, in the background. */
  wake(): void;
  /** Resolves when nothing is due any more, or nothing can go on now. */
  tick(): Promise<void>;
}

interface QueueWorkParts {
  readonly messages: MessageStore;
  readonly wallSteps: WallSteps;
  readonly telemetry: Telemetry;
  readonly nextAttempt: NextAttempt;
  readonly shutdown: ShutdownSignal;
  /** Counts the work in, so that a shutdown waits for it. */
  readonly track: (work: Promise<void>) => Promise<void>;
}

const atOnce = 64;
/** So many of an outlet may wait for a permit. The rest are held back, so that they do not keep other outlets waiting. */
const waitingOfOutlet = 16;
const permitWaitMs = 1000;
/** Those who are held back come back one by one, which the rounds of the background are too far apart for. */
const lookAgainMs = 100;
/** The store decides when a row is due. A wall clock that NTP corrects may lag behind it slightly. */
const rowSlackMs = 500;

export function createQueueWork(parts: QueueWorkParts): QueueWork {
  const { messages, wallSteps, telemetry, nextAttempt, shutdown, track } = parts;
  const { clock } = wallSteps;
  const underWay = new Map<MessageId, Promise<void>>();
  const underWayOf = new Map<string, number>();
  let heldUntilMs = -Infinity;
  let lookingAgain: Promise<void> | undefined;
  let beginning: Promise<void> | undefined;
  let isWoken = false;

  function fault(reason: string): void {
    telemetry.record({ kind: "BackgroundFault", where: "queue", reason });
  }

  function lookAgainUntil(until: Date | undefined): void {
    const untilMs = until ? toMonotonicMs(clock, until) : -Infinity;
    heldUntilMs = Math.max(heldUntilMs, untilMs);
    if (heldUntilMs > clock.monotonicMs()) lookingAgain ??= lookAgain();
  }

  async function lookAgain(): Promise<void> {
    while (heldUntilMs > clock.monotonicMs() && (await shutdown.sleep(lookAgainMs))) wake();
    lookingAgain = undefined;
  }

  /** The expiry by the wall clock as it was when the time that the next step is computed from was recorded. */
  function expiryFor(message: Message): Date {
    if (!message.policy.expiresAt) return endOfTime;
    return wallSteps.unshifted(expiryOf(wallSteps, message), lastRecordedAt(message));
  }

  /** Until when a message may wait for its permit. */
  function permitByMs({ request }: Message, expiresAt: Date): number {
    const isCrowded = (underWayOf.get(nameOf(request.outlet)) ?? 0) > waitingOfOutlet;
    const leftMs = expiresAt.getTime() - clock.now().getTime();
    return clock.monotonicMs() + (isCrowded ? 0 : Math.min(permitWaitMs, leftMs));
  }

  function count({ request }: Message, change: 1 | -1): void {
    const outlet = nameOf(request.outlet);
    const left = (underWayOf.get(outlet) ?? 0) + change;
    if (left > 0) underWayOf.set(outlet, left);
    else underWayOf.delete(outlet);
  }

  /** Takes every step that is due now; gives whether there was one. */
  async function advance(message: Message): Promise<boolean> {
    let begun: InProgress = { message };
    let wasHeld = false;
    for (;;) {
      const current = begun.message;
      const deadlineAt = expiryFor(current);
      if (begun.outcome) recordAttempt(telemetry, current, deadlineAt);
      // A row that the store reports as due is no longer held back.
      const step = nextStep(withoutHold(current), deadlineAt);
      if (step.kind === "Settled") recordEnd(telemetry, current);
      if (step.kind === "Settled" || step.kind === "InFlight") return true;
      const now = clock.now();
      const expiresAt = expiryOf(wallSteps, current);
      if (step.kind === "Conclude" || now > expiresAt || (wasHeld && now >= expiresAt)) {
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
      const slotAt = wallSteps.shifted(step.notBefore, lastRecordedAt(current));
      const isHeld = wasHeld && current.heldUntil !== undefined && current.heldUntil > now;
      // Once the clock was set, a document may look expired: then its row is due at once, whatever its slot.
      const isRowExact =
        current === message && deadlineAt.getTime() === (current.policy.expiresAt ?? endOfTime).getTime();
      const slackMs = isRowExact ? rowSlackMs : 0;
      if (isHeld || slotAt.getTime() - slackMs > now.getTime() || shutdown.closing) return current !== message;
      const made = await nextAttempt.make(begun, permitByMs(current, expiresAt));
      if (made.isErr()) {
        telemetry.record({ kind: "OutcomeUnrecorded", messageId: message.id, reason: made.error.reason });
        return false;
      }
      lookAgainUntil(made.value.message.heldUntil);
      if (made.value.message === current) return current !== message;
      begun = made.value;
      wasHeld = !begun.outcome && begun.message.heldUntil !== undefined;
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
    count(message, -1);
    // What did not go on now is left for the next round.
    if (moved) wake();
  }

  /** Begins on what is due, as far as there is room. */
  async function begin(): Promise<void> {
    if (shutdown.closing || underWay.size >= atOnce) return;
    const due = await messages.due(atOnce);
    if (due.isErr()) return fault(due.error.reason);
    for (const message of due.value) {
      if (underWay.size >= atOnce || underWay.has(message.id)) continue;
      count(message, 1);
      underWay.set(message.id, track(guarded(message)));
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

function nameOf({ tenantId, outletId }: OutletRef): string {
  return `${tenantId} ${outletId}`;
}
