import { describe, expect, it } from "vitest";

import { Accepted, Ambiguous, createTraffic, mostWithin, throttled, unavailable } from "../../../test/traffic.ts";

describe("a recipient", () => {
  const recipient = { to: "+628123456789" };

  it("gets twenty messages in order, as fast as WhatsApp accepts them, and others are not delayed", async () => {
    const { send, left, leaving } = createTraffic();
    const order: number[] = [];
    const sending = Array.from({ length: 20 }, (_, index) =>
      send({ ...recipient, waitMs: 180_000, takesMs: 80, answer: () => (order.push(index), Accepted) }),
    );
    await leaving(1000);
    send();
    expect(await leaving(0)).toHaveLength(1);
    await leaving(120_000);
    expect((await Promise.all(sending.map(({ result }) => result))).every((sent) => sent.isOk())).toBe(true);
    expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index));
    const times = left.filter(({ rateKey }) => rateKey.to === recipient.to).map(({ at }) => at);
    expect(mostWithin(6000, times)).toBeLessThanOrEqual(5);
    expect(mostWithin(29_999, times)).toBeLessThanOrEqual(5);
    expect(times.at(-1)).toBeLessThan(95_000);
  });

  it("whose pair limit is hit is paused for 1, 4, 16, 64 seconds, until WhatsApp accepts a message", async () => {
    const { clock, send, left } = createTraffic({ pairBurst: 45 });
    let refusals = 4;
    const answer = () => (refusals-- > 0 ? throttled("pair") : Accepted);
    for (let message = 0; message < 6; message += 1) send({ ...recipient, answer, waitMs: 600_000 });
    await clock.advance(85_000);
    refusals = 1;
    send({ ...recipient, answer });
    await clock.advance(0);
    send({ ...recipient, answer });
    await clock.advance(1000);
    expect(left.map(({ at }) => at / 1000)).toEqual([0, 1, 5, 21, 85, 85, 85, 86]);
  });

  it("gets nothing more on credit after six seconds", async () => {
    const { send, leaving } = createTraffic();
    send(recipient);
    await leaving(3000);
    send(recipient);
    expect(await leaving(4000)).toHaveLength(1);
    send(recipient);
    expect(await leaving(4999)).toHaveLength(0);
    expect(await leaving(1)).toHaveLength(1);
  });

  it("is not charged for attempts that failed: their retries have their own slots", async () => {
    const { send, leaving } = createTraffic({ pairBurst: 2 });
    for (const answer of [unavailable, Ambiguous, throttled("number"), Ambiguous, Accepted]) {
      send({ ...recipient, answer });
      expect(await leaving(0)).toHaveLength(1);
      await leaving(1000);
    }
  });

  it("who would have to wait past the deadline is refused at once, and the reason does not name them", async () => {
    const { clock, send, sendMany } = createTraffic();
    sendMany(5, recipient);
    await clock.advance(0);
    sendMany(5, recipient);
    const held = (await send({ ...recipient, waitMs: 59_000 }).result)._unsafeUnwrapErr();
    expect(held).toEqual({
      kind: "RateLimited",
      retryAt: new Date(clock.now().getTime() + 60_000),
      cause: "limit",
      only: "recipient",
      reason: expect.stringMatching(/messages to this recipient are ahead/),
    });
    expect(held.reason).not.toContain(recipient.to);
    const later = (await send({ ...recipient, waitMs: 59_000 }).result)._unsafeUnwrapErr();
    expect(later.retryAt.getTime()).toBeGreaterThan(held.retryAt.getTime());
  });
});
