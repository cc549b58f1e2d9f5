import type { MessageId, OutletRef } from "../../content/identifiers.ts";
import type { Message } from "../../domain/message.ts";
import { isFinished } from "../../domain/status.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import { toMonotonicMs } from "../../ports/clock.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Tracing } from "../../ports/tracing.ts";
import type { WallSteps } from "../../time/wall-steps.ts";
import type { NextAttempt } from "../attempt/next-attempt.ts";
import { recordEnd } from "../attempt/record-telemetry.ts";
import { createDeliverWhenDue } from "./deliver-when-due.ts";

/** Delivers queued messages. The store decides what is due; a commit decides which process makes an attempt. */
export interface QueueWork {
  /** Starts delivering what is due, in the background. */
  wake(): void;
  /** Delivers until nothing is due any more, or nothing more can be delivered now. */
  tick(): Promise<void>;
}

interface QueueWorkParts {
  readonly messages: MessageStore;
  readonly wallSteps: WallSteps;
  readonly telemetry: Telemetry;
  readonly tracing: Tracing;
  readonly nextAttempt: NextAttempt;
  readonly shutdown: ShutdownSignal;
  /** Counts work as in flight: a shutdown waits for it. */
  readonly track: (work: Promise<void>) => Promise<void>;
}

const atOnce = 64;
/** How many messages of one outlet may wait for a permit. The rest are held back and leave room for other outlets. */
const waitingOfOutlet = 16;
/** Held-back messages become due one by one. The background rounds are too far apart for them. */
const lookAgainMs = 100;

/** Delivers up to 64 messages at a time. */
export function createQueueWork(parts: QueueWorkParts): QueueWork {
  const { messages, wallSteps, telemetry, tracing, shutdown, track } = parts;
  const { clock } = wallSteps;
  const deliver = createDeliverWhenDue({ ...parts, isCrowded, onHeld: lookAgainUntil });
  const inProgress = new Map<MessageId, Promise<void>>();
  const inProgressOf = new Map<string, number>();
  let heldUntilMs = -Infinity;
  let lookingAgain: Promise<void> | undefined;
  let beginning: Promise<void> | undefined;
  let isWoken = false;

  function fault(reason: string): void {
    telemetry.record({ kind: "BackgroundFault", where: "queue", reason });
  }

  function lookAgainUntil(until: Date): void {
    heldUntilMs = Math.max(heldUntilMs, toMonotonicMs(clock, until));
    if (heldUntilMs > clock.monotonicMs()) lookingAgain ??= lookAgain();
  }

  async function lookAgain(): Promise<void> {
    while (heldUntilMs > clock.monotonicMs() && (await shutdown.sleep(lookAgainMs))) wake();
    lookingAgain = undefined;
  }

  function isCrowded({ request }: Message): boolean {
    return (inProgressOf.get(nameOf(request.outlet)) ?? 0) > waitingOfOutlet;
  }

  function count({ request }: Message, change: 1 | -1): void {
    const outlet = nameOf(request.outlet);
    const left = (inProgressOf.get(outlet) ?? 0) + change;
    if (left > 0) inProgressOf.set(outlet, left);
    else inProgressOf.delete(outlet);
  }

  /** Takes every step that is due now. Returns whether there was one. */
  async function advance(message: Message): Promise<boolean> {
    const advanced = await deliver({ message });
    if (advanced.isErr()) {
      telemetry.record({ kind: "OutcomeUnrecorded", messageId: message.id, reason: advanced.error.reason });
      return false;
    }
    if (isFinished(advanced.value)) recordEnd(telemetry, advanced.value);
    return advanced.value !== message;
  }

  async function guarded(message: Message): Promise<void> {
    let hasMoved = false;
    try {
      hasMoved = await tracing.forMessage(message.request.traceparent, () => advance(message));
    } catch (error) {
      fault(String(error));
    }
    inProgress.delete(message.id);
    count(message, -1);
    // The next round tries a message that could not be advanced.
    if (hasMoved) wake();
  }

  /** Starts delivering what is due, up to the capacity. */
  async function begin(): Promise<void> {
    if (shutdown.closing || inProgress.size >= atOnce) return;
    const due = await messages.due(atOnce);
    if (due.isErr()) return fault(due.error.reason);
    for (const message of due.value) {
      if (inProgress.size >= atOnce || inProgress.has(message.id)) continue;
      count(message, 1);
      inProgress.set(message.id, track(guarded(message)));
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
    beginning ??= tracing.detached(beginWhileWoken);
  }

  return {
    wake,
    async tick() {
      wake();
      while (beginning || inProgress.size > 0) await Promise.all([beginning, ...inProgress.values()]);
    },
  };
}

function nameOf({ tenantId, outletId }: OutletRef): string {
  return `${tenantId} ${outletId}`;
}
