import { errAsync, okAsync, ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { createTraffic, mostWithin, type Sending, throttled } from "../../../test/traffic.ts";
import { createInMemoryNumberRates, createManualClock } from "../../in-memory/index.ts";
import type { NumberRates } from "../../ports/number-rates.ts";

const perSecond = 80;

/** Processes that share the rates of their numbers. */
function createProcesses(count: number, roundTripMs = 2) {
  const clock = createManualClock();
  const lines = createInMemoryNumberRates({ clock });
  const calls: number[] = [];
  let isAway = false;
  const later = <T>(answer: () => T) => ResultAsync.fromSafePromise(clock.sleep(roundTripMs / 2).then(answer));
  const numberRates: NumberRates = {
    book: (asks, aheadMs) => {
      calls.push(clock.monotonicMs());
      return later(() => undefined)
        .andThen(() =>
          isAway
            ? errAsync({ kind: "Unavailable" as const, reason: "the database is away" })
            : lines.book(asks, aheadMs),
        )
        .andThen((booked) => later(() => booked));
    },
    report: (...report) => later(() => undefined).andThen(() => lines.report(...report)),
    news: (numbers) => later(() => undefined).andThen(() => lines.news(numbers)),
  };
  const processes = Array.from({ length: count }, () => createTraffic({ clock, numberRates }));
  const left = () => processes.flatMap((one) => one.left.map(({ at }) => at)).toSorted((a, b) => a - b);
  return { processes, clock, calls, left, lines, setAway: (away: boolean) => (isAway = away) };
}

const busyFor = (processes: ReturnType<typeof createProcesses>["processes"], count: number, sending: Sending = {}) => {
  for (const { sendMany } of processes) sendMany(count, { takesMs: 60, readyMs: 4, waitMs: 600_000, ...sending });
};

describe("processes that share the rate of a number", () => {
  it.each([1, 2, 4])("send no more in any second than the number may, and use its rate: %i", async (count) => {
    const { processes, clock, calls, left } = createProcesses(count);
    busyFor(processes, 4000);
    await clock.advance(20_000);
    const times = left();
    expect(mostWithin(1000, times)).toBeLessThanOrEqual(perSecond);
    expect(times.filter((at) => at >= 10_000).length).toBeGreaterThan(0.85 * 10 * perSecond);
    for (const one of processes) expect(one.left.length).toBeGreaterThan((0.5 * times.length) / count);
    expect(calls.length / count / 20).toBeLessThanOrEqual(14);
  });

  it("a message that is slow to get ready costs no slot of those that are ready", async () => {
    const { processes, clock, left } = createProcesses(1);
    for (let index = 0; index < 3000; index += 1) {
      processes[0]?.send({ readyMs: index % 2 ? 400 : 4, waitMs: 600_000 });
    }
    await clock.advance(20_000);
    const times = left();
    expect(mostWithin(1000, times)).toBeLessThanOrEqual(perSecond);
    expect(times.filter((at) => at >= 10_000).length).toBeGreaterThan(0.85 * 10 * perSecond);
  });

  it("a message on an idle number waits for nothing but its slot, while its intent is stored", async () => {
    const { processes, clock, left } = createProcesses(1, 4);
    for (let turn = 0; turn < 20; turn += 1) {
      processes[0]?.send({ readyMs: 10 });
      await clock.advance(50);
    }
    expect(left()).toEqual(Array.from({ length: 20 }, (_, turn) => turn * 50 + 10));
  });

  it("books for many numbers in one call", async () => {
    const { processes, clock, calls, left } = createProcesses(1, 4);
    for (let number = 0; number < 300; number += 1) processes[0]?.send({ phoneNumberId: `number-${number}` });
    await clock.advance(4);
    expect([left().length, calls.length]).toEqual([300, 1]);
  });

  it("books nothing for nobody", async () => {
    const { processes, clock, calls } = createProcesses(1);
    processes[0]?.sendMany(20);
    await clock.advance(60_000);
    const before = calls.length;
    await clock.advance(60_000);
    expect(calls.length).toBe(before);
  });

  it("one that ends leaves no more unused than was booked ahead", async () => {
    const { processes, clock, left } = createProcesses(2);
    busyFor(processes.slice(1), 4000);
    // Its requests never get ready: their slots are lost.
    busyFor(processes.slice(0, 1), 10, { readyMs: 1e9 });
    await clock.advance(10_000);
    const times = left();
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(300);
  });

  it("slow down together when WhatsApp throttles one of them, and recover", async () => {
    const { processes, clock, left } = createProcesses(2);
    const [first, second] = processes;
    busyFor(processes.slice(1), 4000);
    await clock.advance(5000);
    first?.send({ answer: throttled("number") });
    await clock.advance(1500);
    const slowed = left().filter((at) => at >= 5500).length;
    expect(slowed).toBeLessThan(0.65 * perSecond);
    expect(second?.pacer.load()).toMatchObject({ throttled: 1 });
    await clock.advance(8500);
    expect(left().filter((at) => at >= 14_000).length).toBeGreaterThan(0.85 * perSecond);
  });

  it("pause together when WhatsApp asks one of them", async () => {
    const { processes, clock, left } = createProcesses(2);
    const [first, second] = processes;
    busyFor(processes.slice(1), 4000);
    await clock.advance(5000);
    first?.send({ answer: throttled("app", { retryAfterMs: 20_000 }) });
    await clock.advance(1000);
    const before = left().length;
    const refused = await second?.send({ waitMs: 5000 }).result;
    expect(refused?._unsafeUnwrapErr()).toMatchObject({
      cause: "limit",
      reason: expect.stringContaining("WhatsApp says"),
    });
    await clock.advance(18_000);
    expect(left().length).toBe(before);
    await clock.advance(3000);
    expect(left().length).toBeGreaterThan(before + perSecond);
  });

  it("lower their rate together when a usage header says that a limit is near", async () => {
    const { processes, clock, left } = createProcesses(2);
    const usage = [{ scope: "account", percent: 90 }] as const;
    processes[0]?.send({ answer: { kind: "Accepted", wamid: "wamid.1", usage } });
    await clock.advance(100);
    busyFor(processes.slice(1), 4000);
    await clock.advance(5000);
    expect(left().filter((at) => at >= 3000).length).toBeLessThanOrEqual(2 * 0.4 * perSecond + 2);
  });

  it("keep to the lowest limit that one of them knows", async () => {
    const { processes, clock, left } = createProcesses(2);
    const [first, second] = processes;
    first?.sendMany(1000, { numberPerSecond: 20, waitMs: 600_000 });
    second?.sendMany(1000, { waitMs: 600_000 });
    await clock.advance(10_000);
    expect(mostWithin(1000, left())).toBeLessThanOrEqual(20);
  });

  it("tell those who wait when the slots cannot be booked, and go on at once after that", async () => {
    const { processes, clock, setAway, left } = createProcesses(1);
    const [only] = processes;
    setAway(true);
    const waiting = only?.sendMany(3, { waitMs: 60_000, readyMs: 1 }) ?? [];
    await clock.advance(10);
    const [first, ...others] = await Promise.all(waiting.map(({ result }) => result));
    expect(first?._unsafeUnwrap()).toMatchObject({ kind: "NotSent", withheld: true, cause: "the database is away" });
    for (const other of others) {
      const reason = expect.stringContaining("the database is away");
      expect(other._unsafeUnwrapErr()).toMatchObject({ kind: "RateLimited", cause: "outage", reason });
    }
    setAway(false);
    only?.send();
    await clock.advance(10);
    expect(left()).toHaveLength(1);
  });

  it("send nothing while no slot can be booked, and no more than the rate after that", async () => {
    const { processes, clock, left, lines } = createProcesses(2);
    busyFor(processes, 4000);
    await clock.advance(3000);
    lines.lose();
    await clock.advance(7000);
    const times = left();
    expect(mostWithin(1000, times)).toBeLessThanOrEqual(perSecond);
    expect(times.filter((at) => at >= 3400 && at < 4000)).toHaveLength(0);
    expect(times.filter((at) => at >= 5000).length).toBeGreaterThan(0.85 * 5 * perSecond);
  });

  it("go on when a port throws", async () => {
    let calls = 0;
    const { send, clock, left } = createTraffic({
      numberRates: {
        book: (asks) => {
          if ((calls += 1) === 1) throw new Error("a defect");
          return okAsync(asks.map(({ number }) => ({ number, booked: 1, firstAtMs: 0, spacingMs: 1 })));
        },
        report: () => okAsync(undefined),
        news: () => okAsync(new Map()),
      },
    });
    send();
    await clock.advance(10);
    send();
    await clock.advance(10);
    expect(left).toHaveLength(1);
  });
});
