import { describe, expect, it } from "vitest";

import { createTraffic, throttled } from "../../../test/traffic.ts";

describe("repeats", () => {
  const repeat = { isRetry: true };

  it("of one number are limited to fifty in ten seconds if there are few first attempts", async () => {
    const { sendMany, leaving } = createTraffic({ numberPerSecond: 1000 });
    sendMany(150, repeat);
    expect(await leaving(9000)).toHaveLength(50);
    sendMany(50);
    expect(await leaving(0)).toHaveLength(50);
  });

  it("of one number are limited to a fifth of the first attempts if there are many", async () => {
    const { sendMany, leaving } = createTraffic({ numberPerSecond: 2000 });
    sendMany(2000);
    await leaving(1100);
    sendMany(800, repeat);
    expect(await leaving(1500)).toHaveLength(400);
  });

  it("beyond the budget are refused at once, and delay no first attempt", async () => {
    const { clock, sendMany, leaving, send } = createTraffic({ numberPerSecond: 1000 });
    sendMany(100, repeat);
    await leaving(0);
    send();
    expect(await leaving(0)).toMatchObject([{ rateKey: { isRetry: false } }]);
    const startedAt = clock.now().getTime();
    const held = (await send(repeat).result)._unsafeUnwrapErr();
    expect(held).toMatchObject({ cause: "outage", reason: expect.stringContaining("the retry budget is used up") });
    expect(clock.now().getTime()).toBe(startedAt);
    expect(held.retryAt.getTime()).toBeGreaterThanOrEqual(startedAt + 5000);
  });

  it.each(["number", "pair"] as const)(
    "wait for the budget, as for the rate, where WhatsApp throttles a %s",
    async (scope) => {
      const { clock, send, sendMany, leaving } = createTraffic({ numberPerSecond: 1000 });
      send({ answer: throttled(scope) });
      await leaving(1000);
      const sent = sendMany(120, repeat);
      expect((await leaving(5000)).length).toBeLessThanOrEqual(50);
      const held = (await send({ ...repeat, waitMs: 5 }).result)._unsafeUnwrapErr();
      expect(held).toMatchObject({ cause: "limit", reason: expect.stringContaining("retries are ahead") });
      await clock.advance(55_000);
      expect((await Promise.all(sent.map(({ result }) => result))).every((result) => result.isOk())).toBe(true);
    },
  );

  it("of many numbers share the pool, and none takes what another needs", async () => {
    const { sendMany, leaving } = createTraffic({ numberPerSecond: 1000 });
    sendMany(1000, { ...repeat, phoneNumberId: "greedy" });
    expect(await leaving(0)).toHaveLength(50);
    sendMany(10, { ...repeat, phoneNumberId: "modest" });
    expect(await leaving(0)).toHaveLength(10);
    for (let number = 0; number < 1000; number += 1) sendMany(1, { ...repeat, phoneNumberId: `number-${number}` });
    expect(await leaving(0)).toHaveLength(40);
    sendMany(100, { phoneNumberId: "busy" });
    await leaving(0);
    sendMany(100, { ...repeat, phoneNumberId: "busy" });
    expect(await leaving(0)).toHaveLength(15);
  });
});
