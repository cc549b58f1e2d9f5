import { ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { createTraffic, throttled, unavailable } from "../../test/traffic.ts";

describe("options", () => {
  it.each([{ permits: 0 }, { numberPerSecond: 0.5 }, { pairBurst: Number.NaN }])("%o are refused", (options) => {
    expect(() => createTraffic(options)).toThrow(RangeError);
  });
});

describe("the load of a pacer", () => {
  it("counts submissions that are in flight and that wait", async () => {
    const { sendMany, clock, pacer } = createTraffic({ permits: 4, rates: false });
    sendMany(5, { takesMs: 1000 });
    sendMany(1, { takesMs: 1000, tenantId: "tenant-2", phoneNumberId: "number-2" });
    await clock.advance(0);
    expect(pacer.load()).toEqual({ inFlight: 3, waiting: 3, open: 0, paused: 0, throttled: 0 });
    await clock.advance(10_000);
    expect(pacer.load()).toEqual({ inFlight: 0, waiting: 0, open: 0, paused: 0, throttled: 0 });
  });

  it("counts numbers whose breaker is open, that are paused or throttled, until that has ended", async () => {
    const { send, sendMany, clock, pacer } = createTraffic();
    sendMany(20, { answer: unavailable, phoneNumberId: "number-1" });
    send({ answer: throttled("maintenance"), phoneNumberId: "number-2" });
    send({ answer: throttled("number"), phoneNumberId: "number-3" });
    send({ phoneNumberId: "number-4" });
    await clock.advance(0);
    expect(pacer.load()).toMatchObject({ open: 1, paused: 1, throttled: 1 });
    await clock.advance(61_000);
    expect(pacer.load()).toMatchObject({ open: 0, paused: 0, throttled: 0 });
  });
});

describe("a submission whose refusal was asked for", () => {
  const rateKey = { tenantId: "tenant-1", phoneNumberId: "number-1", to: "+628123456789", isRetry: false };

  it("takes one permit, and the next one to its recipient waits for its end", async () => {
    const { clock, pacer } = createTraffic({ permits: 8 });
    const deadlineAt = new Date(clock.now().getTime() + 1000);
    const sent = (): ResultAsync<void, never> => ResultAsync.fromSafePromise(clock.sleep(100));
    expect(pacer.refusal(rateKey, deadlineAt)).toBeUndefined();
    const submissions = [1, 2].map(() => pacer.withPermit(rateKey, deadlineAt, sent));
    expect(pacer.load()).toMatchObject({ inFlight: 1, waiting: 1 });
    await clock.runUntil(Promise.all(submissions));
    expect(pacer.load()).toMatchObject({ inFlight: 0, waiting: 0 });
  });

  it("is looked up anew after another one, which may have evicted its queues", async () => {
    const { clock, pacer } = createTraffic({ permits: 8 });
    const deadlineAt = new Date(clock.now().getTime() + 1000);
    const sent = (): ResultAsync<void, never> => ResultAsync.fromSafePromise(clock.sleep(100));
    expect(pacer.refusal(rateKey, deadlineAt)).toBeUndefined();
    for (let other = 1; other <= 10; other += 1) {
      expect(pacer.refusal({ ...rateKey, to: `+6281234567${80 + other}` }, deadlineAt)).toBeUndefined();
    }
    const submissions = [rateKey, { ...rateKey }].map((key) => pacer.withPermit(key, deadlineAt, sent));
    expect(pacer.load()).toMatchObject({ inFlight: 1, waiting: 1 });
    await clock.runUntil(Promise.all(submissions));
  });
});

describe("the numbers of a pacer", () => {
  it("are described with what holds them, why and until when", async () => {
    const { send, sendMany, clock, pacer } = createTraffic();
    sendMany(20, { answer: unavailable, phoneNumberId: "failing" });
    send({ answer: throttled("maintenance"), phoneNumberId: "paused" });
    send({ answer: throttled("number"), phoneNumberId: "slowed" });
    send({ phoneNumberId: "well" });
    await clock.advance(0);
    const numbers = new Map(pacer.numbers().map((number) => [number.phoneNumberId, number]));
    const now = clock.now().getTime();
    expect(numbers.get("failing")).toMatchObject({
      condition: "open",
      reason: "WhatsApp failed 20 of 20 calls in ten seconds",
      until: new Date(now + 5000),
    });
    expect(numbers.get("paused")).toMatchObject({
      condition: "paused",
      reason: expect.stringContaining("maintenance"),
      until: new Date(now + 60_000),
    });
    expect(numbers.get("slowed")).toMatchObject({
      condition: "throttled",
      reason: expect.stringContaining("the number's limit is reached"),
      perSecond: 40,
      fullPerSecond: 80,
    });
    expect(numbers.get("slowed")).not.toHaveProperty("until");
    expect(numbers.get("well")).toEqual({
      phoneNumberId: "well",
      condition: "normal",
      perSecond: 80,
      fullPerSecond: 80,
      inFlight: 0,
      waiting: 0,
      waitingForRecipient: 0,
    });
  });

  it("say how many wait for the number, and how many of them for their recipient", async () => {
    const { send, sendMany, clock, pacer } = createTraffic({ permits: 4 });
    sendMany(5, { takesMs: 1000 });
    for (let index = 0; index < 3; index += 1) send({ takesMs: 1000, to: "+15550000001" });
    await clock.advance(0);
    expect(pacer.numbers()).toMatchObject([{ inFlight: 2, waiting: 6, waitingForRecipient: 2 }]);
    await clock.advance(60_000);
    expect(pacer.numbers()).toMatchObject([{ inFlight: 0, waiting: 0, waitingForRecipient: 0 }]);
  });
});
