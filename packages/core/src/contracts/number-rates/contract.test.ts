import { okAsync } from "neverthrow";

import { createInMemoryNumberRates, createManualClock } from "../../in-memory/index.ts";
import type { NumberRates, SlotAsk, SlotsBooked } from "../../ports/number-rates.ts";
import { describeSabotage } from "../sabotage.ts";
import { describeNumberRatesContract, numberRatesContract } from "./contract.ts";
import { apartMs, hourMs } from "./steps.ts";
import type { NumberRatesSubject } from "./subject.ts";

function setup(): NumberRatesSubject {
  const clock = createManualClock();
  const rates = createInMemoryNumberRates({ clock });
  return {
    rates,
    another: rates,
    clock: { ...clock, sleep: (ms, woken) => clock.runUntil(clock.sleep(ms, woken)) },
    lose: async () => rates.lose(),
    stepBack: async (ms) => rates.stepBack(ms),
  };
}

const broken =
  (change: (rates: NumberRates, subject: NumberRatesSubject) => NumberRates) =>
  (subject: NumberRatesSubject): NumberRatesSubject => {
    const rates = change(subject.rates, subject);
    return { ...subject, rates, another: rates };
  };
const brokenAsks = (spoil: (ask: SlotAsk) => Partial<SlotAsk>) =>
  broken((rates) => ({
    ...rates,
    book: (asks, aheadMs) =>
      rates.book(
        asks.map((ask) => ({ ...ask, ...spoil(ask) })),
        aheadMs,
      ),
  }));
const brokenSlots = (spoil: (slots: SlotsBooked, subject: NumberRatesSubject) => SlotsBooked) =>
  broken((rates, subject) => ({
    ...rates,
    book: (asks, aheadMs) => rates.book(asks, aheadMs).map((all) => all.map((slots) => spoil(slots, subject))),
  }));

/** The times of two answers may be off by half of the time that each call took. */
function setupUnsteady(): NumberRatesSubject {
  const subject = setup();
  let offMs = 50;
  function unsteady(slots: SlotsBooked): SlotsBooked {
    offMs = -offMs;
    return { ...slots, firstAtMs: slots.firstAtMs + offMs };
  }
  const rates: NumberRates = {
    ...subject.rates,
    book: (asks, aheadMs) => subject.rates.book(asks, aheadMs).map((all) => all.map(unsteady)),
  };
  return { ...subject, rates, another: rates };
}

describeNumberRatesContract({ name: "in-memory rates", setup });

describeNumberRatesContract({ name: "in-memory rates with the permitted error of their times", setup: setupUnsteady });

describeSabotage(numberRatesContract, {
  setup,
  sabotages: {
    "Gives one answer to each ask, in the order of the asks": broken((rates) => ({
      ...rates,
      book: (asks, aheadMs) =>
        rates.book(
          asks.toSorted((one, other) => (one.number < other.number ? -1 : 1)),
          aheadMs,
        ),
    })),
    "Books up to `wanted` slots, from the earliest free time on": brokenAsks(({ number, wanted }) => ({
      wanted: number === "number-1" && wanted === 3 ? 4 : wanted,
    })),
    "No slot of a number is closer to another than the spacing, whoever asks": broken((rates) => {
      let last: ReturnType<NumberRates["book"]> | undefined;
      return {
        ...rates,
        book(asks, aheadMs) {
          const isOfCrowd = aheadMs === 36_000_000;
          last = isOfCrowd && last ? last : rates.book(asks, aheadMs);
          return last;
        },
      };
    }),
    "the widest that anyone asked for in the last minute, divided by `share`": [
      brokenAsks(({ spacingMs }) => ({ spacingMs: Math.min(spacingMs, apartMs) })),
      brokenAsks(() => ({ share: 1 })),
    ],
    "None lies more than `aheadMs` from now": broken((rates) => ({
      ...rates,
      book: (asks, aheadMs) => rates.book(asks, aheadMs === 4.5 * apartMs ? 5.5 * apartMs : aheadMs),
    })),
    "None lies in a closure": brokenSlots((slots, { clock }) => {
      const isOfAMinute = slots.closed && slots.booked === 0;
      return isOfAMinute ? { ...slots, booked: 1, firstAtMs: clock.monotonicMs() } : slots;
    }),
    "Each later booking of that number says it, whoever asks, as long as it holds": [
      brokenSlots(({ slowed: _, ...slots }) => slots),
      broken((rates) => {
        let told = 0;
        return {
          ...rates,
          report: (number, change) =>
            rates.report(number, change.kind === "slowed" && (told += 1) === 2 ? { ...change, share: 0.25 } : change),
        };
      }),
    ],
    "Says of each number what a booking would say now, and books nothing": [
      broken((rates) => ({ ...rates, news: () => okAsync(new Map()) })),
      broken((rates) => ({
        ...rates,
        news: (numbers) =>
          rates
            .book(
              numbers.map((number) => ({ number, wanted: 1, spacingMs: 1, share: 1 })),
              apartMs,
            )
            .map((all) => new Map(all.map(({ number, ...news }) => [number, news]))),
      })),
      broken((rates) => ({
        ...rates,
        news: (numbers) =>
          rates
            .book(
              numbers.map((number) => ({ number, wanted: 1, spacingMs: apartMs, share: 1 })),
              hourMs,
            )
            .andThen(() => rates.news(numbers)),
      })),
    ],
    "Where time lines were lost, no slot lies within the next 1,100 ms": (subject) => ({
      ...subject,
      lose: async () => {},
    }),
    "Where the clock that orders the slots was set back, the next slot lies at most `aheadMs` from now": brokenSlots(
      (slots) => (slots.spacingMs === 10 ? { ...slots, booked: 0 } : slots),
    ),
  },
});
