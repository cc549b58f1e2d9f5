import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { succeeds } from "../results.ts";
import { apartMs, bookOne, hourMs, slotsOf, toleranceMs } from "./steps.ts";
import type { NumberRatesSubject } from "./subject.ts";

export const numberRatesCases: readonly Case<NumberRatesSubject>[] = [
  {
    name: "Gives one answer to each ask, in the order of the asks",
    async run({ rates }) {
      const numbers = ["number-3", "number-1", "number-2"];
      const asks = numbers.map((number, index) => ({ number, wanted: index + 1, spacingMs: apartMs, share: 1 }));
      const booked = succeeds(await rates.book(asks, hourMs));
      expect(booked.map(({ number, booked: slots }) => [number, slots])).toEqual([
        ["number-3", 1],
        ["number-1", 2],
        ["number-2", 3],
      ]);
      expect(succeeds(await rates.book([], hourMs))).toEqual([]);
    },
  },
  {
    name: "Books up to `wanted` slots, from the earliest free time on",
    async run({ rates, another, clock }) {
      const askedAt = clock.monotonicMs();
      const first = await bookOne(rates, { wanted: 3 });
      const answeredAt = clock.monotonicMs();
      expect(first).toMatchObject({ booked: 3, spacingMs: apartMs });
      expect(first.firstAtMs).toBeGreaterThanOrEqual(askedAt - toleranceMs);
      expect(first.firstAtMs).toBeLessThanOrEqual(answeredAt + toleranceMs);
      const next = await bookOne(another);
      expect(Math.abs(next.firstAtMs - (first.firstAtMs + 3 * apartMs))).toBeLessThan(toleranceMs);
      const ofAnother = await bookOne(rates, { number: "number-2" });
      expect(ofAnother.firstAtMs).toBeLessThanOrEqual(clock.monotonicMs() + toleranceMs);
    },
  },
  {
    name: "No slot of a number is closer to another than the spacing, whoever asks",
    async run({ rates, another }) {
      const booked = await Promise.all(
        Array.from({ length: 30 }, (_, index) => bookOne(index % 2 ? rates : another, { wanted: 2 }, 10 * hourMs)),
      );
      const slots = booked.flatMap(slotsOf).toSorted((one, other) => one - other);
      expect(slots).toHaveLength(60);
      for (const [index, at] of slots.slice(1).entries()) {
        expect(at - (slots[index] ?? 0)).toBeGreaterThan(apartMs - toleranceMs);
      }
    },
  },
  {
    name: "the widest that anyone asked for in the last minute, divided by `share`",
    async run({ rates, another }) {
      await bookOne(rates, { spacingMs: 2 * apartMs });
      const other = await bookOne(another, { spacingMs: apartMs, share: 0.25, wanted: 2 });
      expect(other.spacingMs).toBeCloseTo(8 * apartMs, -1);
      const next = await bookOne(rates, { spacingMs: apartMs });
      expect(next.spacingMs).toBeCloseTo(2 * apartMs, -1);
      expect(next.firstAtMs - other.firstAtMs).toBeGreaterThan(16 * apartMs - toleranceMs);
    },
  },
  {
    name: "None lies more than `aheadMs` from now",
    async run({ rates, another, clock }) {
      const first = await bookOne(rates, { wanted: 1000 }, 4.5 * apartMs);
      expect(first.booked).toBe(5);
      const none = await bookOne(another, { wanted: 1000 }, 4.5 * apartMs);
      expect(none.booked).toBe(0);
      expect(none.firstAtMs).toBeGreaterThan(clock.monotonicMs() + 4.5 * apartMs - toleranceMs);
    },
  },
  {
    name: "None lies in a closure",
    async run({ rates, another, clock }) {
      const now = clock.monotonicMs();
      succeeds(await rates.report("number-1", { kind: "closed", forMs: 20 * apartMs, reason: "asked to" }));
      succeeds(await another.report("number-1", { kind: "closed", forMs: apartMs, reason: "for less" }));
      const none = await bookOne(another, {}, apartMs);
      const one = await bookOne(rates);
      expect([none.booked, one.booked]).toEqual([0, 1]);
      expect(one.firstAtMs).toBeGreaterThan(now + 20 * apartMs - toleranceMs);
      for (const { closed } of [none, one]) {
        expect(closed?.reason).toBe("asked to");
        expect(Math.abs((closed?.untilMs ?? 0) - (now + 20 * apartMs))).toBeLessThan(toleranceMs);
      }
    },
  },
  {
    name: "Each later booking of that number says it, whoever asks, as long as it holds",
    async run({ rates, another, clock }) {
      const before = await bookOne(rates, { number: "number-2" });
      expect([before.closed, before.slowed, before.usage]).toEqual([undefined, undefined, undefined]);
      for (const share of [0.25, 0.5]) succeeds(await rates.report("number-1", { kind: "slowed", share }));
      for (const share of [0.9, 0.125]) {
        succeeds(await another.report("number-1", { kind: "usage", share, forMs: hourMs }));
      }
      succeeds(await rates.report("number-3", { kind: "closed", forMs: 1, reason: "asked to" }));
      await clock.sleep(50);
      const now = clock.monotonicMs();
      for (const one of [rates, another, rates]) {
        const { slowed, usage } = await bookOne(one);
        expect([slowed?.share, usage?.share]).toEqual([0.5, 0.125]);
        expect(Math.abs((slowed?.atMs ?? 0) - now)).toBeLessThan(toleranceMs);
        expect(Math.abs((usage?.untilMs ?? 0) - (now + hourMs))).toBeLessThan(toleranceMs);
      }
      expect((await bookOne(another, { number: "number-3" })).closed).toBeUndefined();
      expect((await bookOne(another, { number: "number-2" })).slowed).toBeUndefined();
    },
  },
  {
    name: "Says of each number what a booking would say now, and books nothing",
    async run({ rates, another, clock }) {
      succeeds(await rates.report("number-1", { kind: "closed", forMs: hourMs, reason: "asked to" }));
      succeeds(await rates.report("number-1", { kind: "usage", share: 0.5, forMs: hourMs }));
      succeeds(await rates.report("number-2", { kind: "slowed", share: 0.25 }));
      succeeds(await rates.report("number-3", { kind: "closed", forMs: 1, reason: "asked to" }));
      await clock.sleep(50);
      const asked = ["number-1", "number-2", "number-3", "number-4"];
      for (const one of [another, rates]) {
        const news = succeeds(await one.news(asked));
        const { closed, slowed, usage } = news.get("number-1") ?? {};
        expect([closed?.reason, slowed, usage?.share]).toEqual(["asked to", undefined, 0.5]);
        expect(Math.abs((closed?.untilMs ?? 0) - (clock.monotonicMs() + hourMs))).toBeLessThan(toleranceMs);
        expect(news.get("number-2")?.slowed?.share).toBe(0.25);
        expect([...news.keys()].toSorted()).toEqual(["number-1", "number-2"]);
      }
      expect(succeeds(await rates.news([]))).toEqual(new Map());
      const free = await bookOne(rates, { number: "number-2" });
      expect(free.booked).toBe(1);
      expect(free.firstAtMs).toBeLessThanOrEqual(clock.monotonicMs() + toleranceMs);
    },
  },
  {
    name: "Where time lines were lost, no slot lies within the next 1,100 ms",
    async run({ rates, another, lose, clock }) {
      await bookOne(rates, { spacingMs: 1 });
      const lostAt = clock.monotonicMs();
      await lose();
      const [one, other] = [await bookOne(rates, { spacingMs: 1 }), await bookOne(another, { number: "number-2" })];
      for (const { firstAtMs } of [one, other]) expect(firstAtMs).toBeGreaterThanOrEqual(lostAt + 1000);
    },
  },
  {
    name: "Where the clock that orders the slots was set back, the next slot lies at most `aheadMs` from now",
    async run({ rates, another, stepBack, clock }) {
      await bookOne(rates, { spacingMs: 10 });
      await stepBack(24 * hourMs);
      const next = await bookOne(another, { spacingMs: 10 }, 1000);
      expect(next.booked).toBe(1);
      expect(next.firstAtMs).toBeLessThanOrEqual(clock.monotonicMs() + 1000 + toleranceMs);
    },
  },
];
