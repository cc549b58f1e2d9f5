import { createAlarm } from "../alarm.ts";
import type { NumberRates, RateChange, SlotAsk, SlotsBooked } from "../../ports/number-rates.ts";
import type { SteadyTime } from "../../time/steady-time.ts";

/** Books slots for the numbers of this process, those of many numbers in one call. */
export interface Bookings {
  /** Has slots booked for a number: at once, or together with others in a moment if its last booking left some without. */
  want(line: Line): void;
  /** Tells the other processes. A report that fails is not repeated: WhatsApp says it again. */
  report(number: string, change: RateChange): void;
}

/** The time line of one number, as this process sees it. */
export interface Line {
  readonly number: string;
  /** What it needs now; undefined if that is nothing. */
  ask(): Omit<SlotAsk, "number"> | undefined;
  /** Takes over what was booked. */
  booked(slots: SlotsBooked): void;
  /** None could be booked. */
  failed(reason: string): void;
}

interface BookingsParts {
  readonly numberRates: NumberRates;
  readonly time: SteadyTime;
  readonly aheadMs: number;
  readonly random?: () => number;
}

const mostAsks = 500;
const mostCalls = 2;
/** Who asks more often gets more of a number that others send from too. */
const againMs = 100;
const spread = 0.25;
const defect = "no slot was booked";

export function createBookings({ numberRates, time, aheadMs, random = Math.random }: BookingsParts): Bookings {
  const asking = new Set<Line>();
  const wanting = new Set<Line>();
  /** Those whose last booking left requests without a slot. */
  const later = new Set<Line>();
  const alarm = createAlarm(time, () => {
    for (const line of later) wanting.add(line);
    later.clear();
    flush();
  });
  let calls = 0;
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled || wanting.size === 0 || calls >= mostCalls) return;
    isScheduled = true;
    // What else is wanted in this turn goes with it.
    Promise.resolve().then(
      () => {
        isScheduled = false;
        flush();
      },
      () => {},
    );
  }

  function flush(): void {
    const lines: Line[] = [];
    const asks: SlotAsk[] = [];
    for (const line of wanting) {
      if (calls >= mostCalls || asks.length === mostAsks) break;
      wanting.delete(line);
      const ask = line.ask();
      if (!ask) continue;
      asking.add(line);
      lines.push(line);
      asks.push({ number: line.number, ...ask });
    }
    if (asks.length > 0) call(lines, asks);
  }

  function call(lines: readonly Line[], asks: readonly SlotAsk[]): void {
    calls += 1;
    const ended = (booked: readonly SlotsBooked[], failure = defect): void => {
      calls -= 1;
      for (const [index, line] of lines.entries()) {
        asking.delete(line);
        const slots = booked[index];
        if (slots) line.booked(slots);
        else line.failed(failure);
        if (slots && line.ask()) postpone(line);
      }
      schedule();
    };
    book(asks).then(
      (booked) => (booked.isOk() ? ended(booked.value) : ended([], booked.error.reason)),
      () => ended([]),
    );
  }

  /** Rejects where the port throws. */
  async function book(asks: readonly SlotAsk[]) {
    return numberRates.book(asks, aheadMs);
  }

  function postpone(line: Line): void {
    wanting.delete(line);
    later.add(line);
    alarm.set(time.now() + againMs * (1 - spread + 2 * spread * random()));
  }

  return {
    want(line) {
      if (asking.has(line) || later.has(line)) return;
      wanting.add(line);
      schedule();
    },
    report(number, change) {
      const ignored = (): void => {};
      numberRates.report(number, change).then(ignored, ignored);
    },
  };
}
