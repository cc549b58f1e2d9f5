import type { NumberRates, SlotsBooked } from "../../ports/number-rates.ts";
import type { SteadyTime } from "../../time/steady-time.ts";
import type { Scheduler } from "../fairness/scheduler.ts";
import { type NumberQueues, waitingAt } from "../fairness/waiters.ts";
import type { Hold } from "../hold.ts";
import type { Lead } from "../rate/lead.ts";
import type { Rate } from "../rate/rate.ts";
import { createRetrySpread } from "../retry-spread.ts";
import { createBookings } from "./bookings.ts";
import { createSharedRate } from "./shared-rate.ts";

/** The numbers whose rates this process shares with others. */
export interface SharedNumbers {
  /** A rate for a number, and what tells the others of its pauses. `queues`: where its submissions wait, once that is known. */
  share(number: string, limit: number, queues: () => NumberQueues): SharedNumber;
}

interface SharedNumber {
  readonly rate: Rate;
  readonly onPause: (forMs: number, reason: string) => void;
}

interface SharedNumbersParts {
  readonly numberRates: NumberRates;
  readonly aheadMs: number;
  readonly time: SteadyTime;
  readonly lead: Lead;
  readonly scheduler: Pick<Scheduler, "reconsider" | "deny" | "wakeBefore">;
}

/** When to retry after a failure to book: the store that keeps the time lines may be back by then. */
const retryMs = 1000;
const returnMs = 2;

export function createSharedNumbers(parts: SharedNumbersParts): SharedNumbers {
  const { numberRates, aheadMs, time, lead, scheduler } = parts;
  const bookings = createBookings({ numberRates, time, aheadMs });
  const spread = createRetrySpread(() => returnMs, retryMs);

  function booked(queues: NumberQueues, { closed }: SlotsBooked, isSlower: boolean): void {
    const now = time.now();
    const pausedUntil = queues.gate.pausedUntil(now);
    const closure = closed && { until: time.ofMonotonic(closed.untilMs), reason: closed.reason };
    queues.gate.heed(closure, isSlower, now);
    const until = queues.gate.pausedUntil(now);
    if (until > pausedUntil) scheduler.wakeBefore(queues, until);
    scheduler.reconsider(queues, now);
  }

  function failureOf(number: string, cause: string): Hold {
    const reason = `number ${number}: the rate that it shares with other processes is unknown (${cause})`;
    return { until: time.now() + retryMs, cause: "outage", waitsFor: "number", reason, spread };
  }

  return {
    share: (number, limit, queues) => ({
      rate: createSharedRate({
        number,
        limit,
        aheadMs,
        time,
        lead,
        bookings,
        waiting: () => waitingAt(queues(), time.now()),
        onBooked: (slots, isSlower) => booked(queues(), slots, isSlower),
        onFailed: (cause) => scheduler.deny(queues(), failureOf(number, cause)),
      }),
      onPause: (forMs, reason) => bookings.report(number, { kind: "closed", forMs, reason }),
    }),
  };
}
