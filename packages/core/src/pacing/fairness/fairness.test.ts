import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Accepted, createTraffic, type Left, throttled } from "../../../test/traffic.ts";

describe("submissions of one number", () => {
  const of =
    (wanted: Partial<Left["rateKey"]>) =>
    ({ rateKey }: Left): boolean =>
      Object.entries(wanted).every(([field, value]) => rateKey[field as keyof typeof rateKey] === value);

  it.each([
    ["tenants", { tenantId: "tenant-2" }],
    ["those who wait and what the queue has", { isQueued: true }],
  ])("take turns: %s, however many come of the others", async (_, few) => {
    const { clock, sendMany, left } = createTraffic({ numberPerSecond: 20 });
    sendMany(60);
    await clock.advance(100);
    sendMany(3, { ...few, waitMs: 5000 });
    for (let tenth = 0; tenth < 30; tenth += 1) {
      sendMany(2);
      await clock.advance(100);
    }
    expect(left.filter(of(few))).toHaveLength(3);
  });

  it("are not refused because of other tenants' submissions whose turn is later", async () => {
    const { clock, sendMany } = createTraffic({ numberPerSecond: 20 });
    sendMany(500);
    const [one] = sendMany(1, { tenantId: "tenant-2", waitMs: 3000 });
    await clock.advance(3000);
    expect((await one?.result)?.isOk()).toBe(true);
  });

  it("are refused at once when their number is paused past their deadline", async () => {
    const { clock, send, sendMany, now } = createTraffic({ numberPerSecond: 10 });
    send({ answer: throttled("account", { retryAfterMs: 300_000 }), takesMs: 100 });
    const waiting = sendMany(30, { waitMs: 20_000 });
    const answeredAt = waiting.slice(10).map(({ result }) => result.then((sent) => [sent.isErr(), now()]));
    await clock.advance(20_000);
    expect(await Promise.all(answeredAt)).toEqual(answeredAt.map(() => [true, 100]));
  });

  it("are refused at once when a usage header pauses the number past their deadline", async () => {
    const { clock, send, sendMany, now } = createTraffic({ numberPerSecond: 80 });
    send({ answer: { ...Accepted, usage: [{ scope: "app", percent: 100 }] } });
    await clock.advance(10);
    const waiting = sendMany(100, { waitMs: 5000 }).map(({ result }) => result.then((sent) => sent.isErr() && now()));
    await clock.advance(5000);
    expect((await Promise.all(waiting)).filter((at) => at === 10).length).toBeGreaterThan(90);
  });
});

it("nobody is forgotten and no permit is lost, whoever comes, gives up and is throttled", async () => {
  const wave = fc.record({
    afterMs: fc.nat(700),
    tenant: fc.nat(3),
    number: fc.nat(3),
    to: fc.nat(6),
    count: fc.integer({ min: 1, max: 12 }),
    takesMs: fc.nat(1500),
    isQueued: fc.boolean(),
    isRetry: fc.boolean(),
    waitMs: fc.constantFrom(500, 3_600_000),
    isThrottled: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(wave, { maxLength: 20 }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      async (waves, permits, rates) => {
        const { clock, sendMany } = createTraffic({ permits, rates, numberPerSecond: 15 });
        const patient = [];
        // Few enough that the budget refuses none.
        let wavesOfRepeats = 0;
        let underWay = 0;
        let most = 0;
        for (const { afterMs, tenant, number, to, count, isThrottled, ...sending } of waves) {
          await clock.advance(afterMs);
          const sent = sendMany(count, {
            ...sending,
            isRetry: sending.isRetry && (wavesOfRepeats += 1) <= 2,
            tenantId: `tenant-${tenant}`,
            phoneNumberId: `number-${number}`,
            to: `+62812${to}`,
            answer: () => ((underWay -= 1), isThrottled ? throttled("number") : Accepted),
            begun: () => (most = Math.max(most, (underWay += 1))),
          });
          if (sending.waitMs > 500) patient.push(...sent);
        }
        await clock.advance(4_000_000);
        const results = await Promise.all(patient.map(({ result }) => result));
        expect(results.every((result) => result.isOk())).toBe(true);
        expect([most <= permits, underWay]).toEqual([true, 0]);
        const last = [...Array(permits).keys()].map((index) =>
          sendMany(1, { tenantId: `new-${index}`, phoneNumberId: `new-${index}`, takesMs: 10 }),
        );
        await clock.advance(0);
        await clock.advance(10);
        expect((await Promise.all(last.flat().map(({ result }) => result))).every((sent) => sent.isOk())).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});

it("a rate limit pauses a number without a rate for a second, whatever its usage header says", async () => {
  const { clock, send, sendMany, left } = createTraffic({ rates: false });
  send({ answer: { ...throttled("app"), usage: [{ scope: "app", percent: 90 }] } });
  await clock.advance(10);
  sendMany(10);
  await clock.advance(900);
  expect(left).toHaveLength(1);
  await clock.advance(200);
  expect(left).toHaveLength(11);
});

it("telemetry that throws has no effect", async () => {
  const telemetry = {
    record(): void {
      throw new Error("full");
    },
  };
  const { clock, send, sendMany } = createTraffic({ telemetry, permits: 2 });
  const first = send({ answer: throttled("number") });
  await clock.advance(10);
  expect((await first.result).isOk()).toBe(true);
  const later = sendMany(20);
  await clock.advance(30_000);
  expect((await Promise.all(later.map(({ result }) => result))).every((sent) => sent.isOk())).toBe(true);
});

it.each([-3_600_000, 3_600_000])("a wall clock that is set by %i ms has no effect", async (stepMs) => {
  const { clock, sendMany } = createTraffic({ numberPerSecond: 20 });
  sendMany(20);
  await clock.advance(500);
  clock.stepWall(stepMs);
  const later = sendMany(20, { waitMs: 30_000 });
  await clock.advance(0);
  let over = 0;
  const count = (): void => void (over += 1);
  for (const { result } of later) result.then(count, count);
  await clock.advance(100);
  expect(over).toBe(0);
  await clock.advance(4900);
  expect((await Promise.all(later.map(({ result }) => result))).every((sent) => sent.isOk())).toBe(true);
});
