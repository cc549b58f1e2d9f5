import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Accepted, createTraffic, mostWithin, throttled } from "../../../test/traffic.ts";

const perSecond = 80;

describe("a number's rate", () => {
  it("never exceeds its limit in any second, however the messages arrive", async () => {
    const coming = fc.array(fc.record({ afterMs: fc.nat(400), count: fc.nat(120), takesMs: fc.nat(900) }), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(coming, fc.integer({ min: 1, max: 90 }), async (waves, limit) => {
        const { clock, sendMany, left } = createTraffic({ numberPerSecond: limit });
        for (const { afterMs, count, takesMs } of waves) {
          await clock.advance(afterMs);
          sendMany(count, { takesMs });
        }
        await clock.advance(60_000);
        expect(
          mostWithin(
            1000,
            left.map(({ at }) => at),
          ),
        ).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 40 },
    );
  });

  it("is used to more than 85 % if there is enough to send", async () => {
    const { clock, sendMany, left } = createTraffic();
    const sending = sendMany(1000, { takesMs: 50 });
    await clock.advance(60_000);
    expect((await Promise.all(sending.map(({ result }) => result))).every((sent) => sent.isOk())).toBe(true);
    const seconds = ((left.at(-1)?.at ?? 0) - (left[0]?.at ?? 0)) / 1000;
    expect(1000 / seconds).toBeGreaterThan(0.85 * perSecond);
    expect(
      mostWithin(
        1000,
        left.map(({ at }) => at),
      ),
    ).toBeLessThanOrEqual(perSecond);
  });

  it("starts a burst at once, and queued messages one by one", async () => {
    const { sendMany, leaving } = createTraffic();
    sendMany(160);
    expect(await leaving(0)).toHaveLength(80);
    expect(await leaving(1000)).toHaveLength(0);
    expect((await leaving(600)).length).toBeGreaterThan(30);
    expect(
      mostWithin(
        100,
        (await leaving(1000)).map(({ at }) => at),
      ),
    ).toBeLessThan(12);
  });

  it("counts a message that was answered late as having arrived late", async () => {
    const { sendMany, leaving } = createTraffic();
    sendMany(80, { takesMs: 400 });
    sendMany(80);
    await leaving(0);
    expect(await leaving(1399)).toHaveLength(0);
    expect((await leaving(300)).length).toBeGreaterThan(10);
  });

  it("does not drop when all answers are slow", async () => {
    const { sendMany, leaving } = createTraffic();
    sendMany(1000, { takesMs: 700 });
    await leaving(5000);
    expect((await leaving(5000)).length).toBeGreaterThan(0.85 * 5 * perSecond);
  });

  it("is halved once by any number of 130429 errors, and recovers step by step", async () => {
    const { sendMany, leaving } = createTraffic();
    sendMany(40, { answer: throttled("number"), takesMs: 100 });
    await leaving(3000);
    await leaving(0);
    sendMany(2000);
    const seconds: number[] = [];
    for (let second = 0; second < 8; second += 1) seconds.push((await leaving(1100)).length);
    expect(seconds[0]).toBeGreaterThan(40);
    expect(seconds[0]).toBeLessThan(70);
    expect(seconds.at(-1)).toBeGreaterThan(75);
  });

  it("is halved again by a message sent since, and never falls below one a second", async () => {
    const { send, sendMany, leaving } = createTraffic();
    for (let times = 0; times < 12; times += 1) {
      send({ answer: throttled("number") });
      await leaving(50);
    }
    sendMany(100);
    expect((await leaving(2300)).length).toBeGreaterThanOrEqual(1);
    expect((await leaving(900)).length).toBeLessThan(25);
  });

  it.each(["app", "account"] as const)(
    "is halved where the %s is throttled and nothing says for how long",
    async (scope) => {
      const { send, sendMany, leaving } = createTraffic();
      send({ answer: throttled(scope) });
      await leaving(0);
      sendMany(200);
      expect((await leaving(1000)).length).toBeLessThanOrEqual(45);
    },
  );

  it("shrinks for the number whose usage header says that a limit is near", async () => {
    const { send, sendMany, leaving } = createTraffic();
    const usage = (percent: number) => ({
      ...Accepted,
      usage: [
        { scope: "app", percent: 3 },
        { scope: "account", percent },
      ] as const,
    });
    const rateAt = async (percent: number) => {
      send({ answer: usage(percent) });
      await leaving(2200);
      sendMany(100, { waitMs: 1000 });
      const { length } = await leaving(1000);
      await leaving(61_000);
      return length;
    };
    expect(await rateAt(74)).toBeGreaterThanOrEqual(79);
    expect(await rateAt(85)).toBe(48);
    expect(await rateAt(95)).toBe(16);
    expect(await rateAt(120)).toBe(1);
    send({ answer: usage(99) });
    sendMany(80, { phoneNumberId: "number-2" });
    expect((await leaving(0)).filter(({ rateKey }) => rateKey.phoneNumberId === "number-2")).toHaveLength(80);
  });
});

describe("without rates", () => {
  it("nothing is slowed down before WhatsApp throttles, and then for a second", async () => {
    const { sendMany, leaving } = createTraffic({ rates: false });
    sendMany(1000, { to: "+628123456789" });
    expect(await leaving(0)).toHaveLength(1000);
    sendMany(3, { answer: throttled("number"), takesMs: 1 });
    await leaving(1);
    sendMany(100);
    expect(await leaving(999)).toHaveLength(0);
    expect(await leaving(1)).toHaveLength(100);
  });
});
