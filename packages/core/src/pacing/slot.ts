import type { SteadyTime } from "../time/steady-time.ts";
import type { NoSlot } from "../ports/pacer.ts";
import type { NumberGate, Started } from "./number/number-gate.ts";
import type { Lead } from "./rate/lead.ts";

/** `Permit.awaitSlot`, for a submission that a number let start. */
export type AwaitSlot = (gate: NumberGate, started: Started) => Promise<NoSlot | undefined> | undefined;

interface SlotParts {
  readonly time: SteadyTime;
  readonly lead: Lead;
}

/** A submission that waits here holds a permit, and its message has an attempt in flight. */
const longestWaitMs = 2000;

/** Keeps each request to its slot: nothing is sent before it, and what comes too late for it takes another. */
export function createAwaitSlot({ time, lead }: SlotParts): AwaitSlot {
  async function wait(gate: NumberGate, started: Started, firstAt: number): Promise<NoSlot | undefined> {
    const latest = time.now() + longestWaitMs;
    let slotAt = firstAt;
    for (let now = time.now(); slotAt > now; slotAt = gate.slotOf(started, now)) {
      const failure = started.booking && (await booked(started, latest));
      if (failure !== undefined || started.slotAt > latest) {
        gate.giveBack(started);
        return failure === undefined ? tooLate : { kind: "NoSlot", reason: failure };
      }
      await time.sleepUntil(started.slotAt);
      now = time.now();
    }
    return undefined;
  }

  /** Waits until the slot is booked, and not beyond `latest`. Returns why it was not. */
  async function booked(started: Started, latest: number): Promise<string | undefined> {
    let failure: string | undefined;
    const ended = started.booking?.then((reason) => {
      failure = reason;
    });
    await time.sleepUntil(latest, ended);
    return failure;
  }

  return (gate, started) => {
    const now = time.now();
    if (!started.hasAsked) lead.took(now - started.at);
    started.hasAsked = true;
    const slotAt = gate.slotOf(started, now);
    return slotAt <= now ? undefined : wait(gate, started, slotAt);
  };
}

const tooLate: NoSlot = {
  kind: "NoSlot",
  reason: "it was stored too late for its slot in the number's rate, and the next one is seconds away",
};
