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
