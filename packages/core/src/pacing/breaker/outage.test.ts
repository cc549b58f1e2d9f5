import { describe, expect, it } from "vitest";

import { Accepted, createTraffic, type Sending, unavailable } from "../../../test/traffic.ts";

const scheduleMs = [0, 1000, 2000, 4000];
const offeredPerSecond = 100;

interface Ended {
  readonly offeredAt: number;
  readonly endedAt: number;
  readonly as: "sent" | "failed" | "held back";
}

/** Messages that come evenly, each tried four times where it has to be. */
function createOffer(traffic: ReturnType<typeof createTraffic>, sending: (index: number) => Sending) {
  const { clock, now, send } = traffic;
  const ended: Ended[] = [];
  const delivering: Promise<void>[] = [];
  let offered = 0;

  async function deliver(index: number): Promise<void> {
    const offeredAt = now();
    const to = `+62811${index}`;
    const end = (as: Ended["as"]) => void ended.push({ offeredAt, endedAt: now(), as });
    for (const [attempt, slotMs] of scheduleMs.entries()) {
      await clock.sleep(slotMs);
      const waitMs = offeredAt + 60_000 - now();
      const sent = await send({ to, isRetry: attempt > 0, waitMs, takesMs: 50, ...sending(index) }).result;
      if (sent.isErr()) return end("held back");
      if (sent.value.kind === "Accepted") return end("sent");
    }
    end("failed");
  }

  return {
    ended,
    async forSeconds(seconds: number): Promise<void> {
      for (let count = 0; count < seconds * offeredPerSecond; count += 1) {
        delivering.push(deliver((offered += 1)));
        await clock.advance(1000 / offeredPerSecond);
      }
    },
  };
}

describe("a WhatsApp that answers 503 for a minute", () => {
  it.each([
    ["one number", 1, 1000],
    ["four numbers", 4, 80],
  ])("gets little of %s, and all goes on within ten seconds of its healing", async (_, numbers, limit) => {
    const traffic = createTraffic({ numberPerSecond: limit });
    let isDown = false;
    const answer = () => (isDown ? unavailable : Accepted);
    const offer = createOffer(traffic, (index) => ({ phoneNumberId: `number-${index % numbers}`, answer }));
    await offer.forSeconds(10);
    isDown = true;
    const [downAt, before] = [traffic.now(), traffic.left.length];
    await offer.forSeconds(60);
    isDown = false;
    const healedAt = traffic.now();
    const requests = traffic.left.length - before;
    await offer.forSeconds(20);
    await traffic.clock.advance(70_000);

    expect(requests).toBeLessThan(0.2 * 60 * offeredPerSecond);
    expect(offer.ended).toHaveLength(90 * offeredPerSecond);
    const early = offer.ended.filter(({ offeredAt }) => offeredAt < downAt - 100);
    expect(new Set(early.map(({ as }) => as))).toEqual(new Set(["sent"]));
    const late = offer.ended.filter(({ offeredAt }) => offeredAt >= healedAt + 10_000);
    expect(late).toHaveLength(10 * offeredPerSecond);
    expect(new Set(late.map(({ as }) => as))).toEqual(new Set(["sent"]));
    expect(Math.max(...late.map(({ offeredAt, endedAt }) => endedAt - offeredAt))).toBeLessThan(1000);
  });
});

describe("a WhatsApp that answers 503 to a thousand numbers", () => {
  it("gets less than a third more calls, nobody waits longer than the schedule, and another number can retry", async () => {
    const traffic = createTraffic();
    const offer = createOffer(traffic, (index) => ({ phoneNumberId: `number-${index % 1000}`, answer: unavailable }));
    await offer.forSeconds(60);
    for (const isRetry of [false, true, true]) {
      const tried = traffic.send({ phoneNumberId: "another", answer: unavailable, isRetry });
      await traffic.clock.advance(0);
      expect((await tried.result).isOk()).toBe(true);
    }
    await traffic.clock.advance(70_000);
    expect(traffic.left.length).toBeLessThanOrEqual(1.3 * 60 * offeredPerSecond);
    expect(offer.ended).toHaveLength(60 * offeredPerSecond);
    expect(Math.max(...offer.ended.map(({ offeredAt, endedAt }) => endedAt - offeredAt))).toBeLessThan(8000);
  });

  it("leaves working numbers their retries", async () => {
    const traffic = createTraffic();
    let calls = 0;
    // Of those that work one call in twenty fails.
    const answer = (index: number) => () => (index % 2 === 0 || (calls += 1) % 20 === 0 ? unavailable : Accepted);
    const offer = createOffer(traffic, (index) => ({
      phoneNumberId: index % 2 === 0 ? `broken-${index % 20}` : "works",
      answer: answer(index),
    }));
    await offer.forSeconds(60);
    await traffic.clock.advance(70_000);
    const sent = offer.ended.filter(({ as }) => as === "sent");
    expect(sent.length).toBeGreaterThanOrEqual(0.99 * 30 * offeredPerSecond);
  });
});

describe("a WhatsApp that fails four calls in ten", () => {
  it("gets at most a fifth more calls, and the circuit breaker stays closed", async () => {
    const traffic = createTraffic({ numberPerSecond: 1000 });
    let calls = 0;
    const answer = () => ((calls += 1) % 5 < 2 ? unavailable : Accepted);
    const offer = createOffer(traffic, () => ({ answer }));
    await offer.forSeconds(60);
    const firsts = traffic.left.filter(({ rateKey }) => !rateKey.isRetry);
    expect(firsts.length).toBeGreaterThan(5990);
    expect(traffic.left.length).toBeLessThanOrEqual(1.25 * firsts.length);
    expect(traffic.left.length).toBeGreaterThan(1.15 * firsts.length);
  });
});
