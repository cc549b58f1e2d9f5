import type { HourOfMetrics, Slot } from "@message-sender/console";

import type { RegistryPart } from "../metrics/registry.ts";
import { readBounds, readTotals } from "./read-totals.ts";
import { growthOf, isEmpty, sumOf } from "./slot.ts";

/** Remembers the last hour of the metrics. */
export interface LastHour {
  /** Up to now. */
  report(): Promise<HourOfMetrics>;
  stop(): void;
}

interface LastHourParts {
  readonly metrics: Pick<RegistryPart, "read">;
  /** Milliseconds since 1970 that never go back. */
  readonly now?: () => number;
}

const slotMs = 10_000;
const mostSlots = 360;
const nothing: Slot = { counts: {}, spans: {} };

/**
 * Remembers by how much the metrics grew in each ten seconds. It reads them then, which takes a fraction of a millisecond, and counts
 * nothing itself: whoever looks after the trouble began finds the hour before.
 */
export function followLastHour({ metrics, now = steadyNow }: LastHourParts): LastHour {
  const slots = new Map<number, Slot>();
  let before = nothing;
  let reading = Promise.resolve();

  const presentSlot = (): number => Math.floor(now() / slotMs);

  async function read(): Promise<void> {
    const totals = await readTotals(metrics);
    const grown = growthOf(totals, before);
    before = totals;
    const present = presentSlot();
    for (const number of slots.keys()) if (number <= present - mostSlots) slots.delete(number);
    if (!isEmpty(grown)) slots.set(present, sumOf(slots.get(present) ?? nothing, grown));
  }

  /** One reading at a time: each says what grew since the one before. */
  function readNext(): Promise<void> {
    reading = reading.then(read, read);
    return reading;
  }

  const timer = setInterval(() => void readNext().catch(() => {}), slotMs).unref();
  return {
    async report() {
      await readNext();
      return { slotMs, present: presentSlot(), slots: [...slots], bounds: await readBounds(metrics) };
    },
    stop: () => clearInterval(timer),
  };
}

function steadyNow(): number {
  return performance.timeOrigin + performance.now();
}
