import { describe, expect, it } from "vitest";

import { createTraffic, mostWithin, type Sending, throttled } from "../../test/traffic.ts";

const perSecond = 80;

/** How many a second leave while many wait, and the most in any second. */
async function busy(sending: Sending) {
  const { clock, sendMany, left } = createTraffic();
  sendMany(1600, { takesMs: 100, ...sending });
  await clock.advance(20_000);
  const times = left.map(({ at }) => at);
  return { most: mostWithin(1000, times), share: times.filter((at) => at >= 10_000).length / (10 * perSecond) };
}

describe("a submission that is not ready at once", () => {
  it.each([5, 50, 100, 130])("leaves in a slot of its number, and the rate is used: %i ms", async (readyMs) => {
    const { most, share } = await busy({ readyMs });
    expect(most).toBeLessThanOrEqual(perSecond);
    expect(share).toBeGreaterThan(0.85);
  });

  it("leaves at once below the rate, however long it took", async () => {
    const { sendMany, leaving } = createTraffic();
    sendMany(40, { readyMs: 3000 });
    await leaving(2999);
    expect(await leaving(1)).toHaveLength(40);
  });

  it("does not leave while its number is paused", async () => {
    const { send, leaving } = createTraffic();
    send({ readyMs: 500 });
    send({ answer: throttled("app", { retryAfterMs: 1500 }) });
    await leaving(0);
    expect(await leaving(1499)).toHaveLength(0);
    expect(await leaving(1)).toHaveLength(1);
  });
});
