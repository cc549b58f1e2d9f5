import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  Accepted,
  Ambiguous,
  createTraffic,
  CredentialRefused,
  mostWithin,
  refused,
  throttled,
  unavailable,
} from "../../test/traffic.ts";
import { createRecordingTelemetry } from "../in-memory/index.ts";
import type { RateLimited } from "../ports/pacer.ts";

const perSecond = 80;
type Traffic = ReturnType<typeof createTraffic>;

describe("a number's rate", () => {
  it("is never more than its limit in any second, however the messages come", async () => {
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

  it("is used up to more than 85 % where there is enough to send", async () => {
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

  it("lets a burst go at once, and those who had to wait one by one", async () => {
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

  it("counts what was answered late as having arrived late", async () => {
    const { sendMany, leaving } = createTraffic();
    sendMany(80, { takesMs: 400 });
    sendMany(80);
    await leaving(0);
    expect(await leaving(1399)).toHaveLength(0);
    expect((await leaving(300)).length).toBeGreaterThan(10);
  });

  it("is not lower for answers that all take long", async () => {
    const { sendMany, leaving } = createTraffic();
    sendMany(1000, { takesMs: 700 });
    await leaving(5000);
    expect((await leaving(5000)).length).toBeGreaterThan(0.85 * 5 * perSecond);
  });

  it("is halved by 130429 once, however many say it, and regained step by step", async () => {
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

  it("is halved again by what was sent since, and never falls below one a second", async () => {
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

  it("shrinks as WhatsApp says that a limit comes near, for the number that it said it to", async () => {
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

describe("a number is closed", () => {
  it.each([
    ["for as long as WhatsApp asks", throttled("app", { retryAfterMs: 7000 }), 7000],
    ["for 300 seconds at most", throttled("account", { retryAfterMs: 1e9 }), 300_000],
    ["for a minute of maintenance", throttled("maintenance"), 60_000],
    [
      "until access is regained",
      { ...Accepted, usage: [{ scope: "account", percent: 100, regainAfterMs: 120_000 }] } as const,
      120_000,
    ],
    [
      "for an hour at most",
      { ...Accepted, usage: [{ scope: "account", percent: 100, regainAfterMs: 1e12 }] } as const,
      3_600_000,
    ],
  ])("%s", async (_, answer, ms) => {
    const { clock, send, leaving } = createTraffic();
    send({ answer });
    await leaving(0);
    const held = (await send({ waitMs: ms - 1 }).result)._unsafeUnwrapErr();
    expect(held).toMatchObject({ cause: "limit", until: new Date(clock.now().getTime() + ms) });
    expect(held.reason).toContain("number-1");
    send({ waitMs: 2 * ms });
    expect(await leaving(ms - 1)).toHaveLength(0);
    expect(await leaving(1)).toHaveLength(1);
  });

  it("by no refusal that is final, and by no limit or refused token", async () => {
    const { sendMany, leaving } = createTraffic({ numberPerSecond: 1000 });
    for (const answer of [refused, CredentialRefused, { kind: "NotSent", final: true, cause: "" } as const]) {
      sendMany(200, { answer });
      await leaving(2000);
    }
    sendMany(50);
    expect(await leaving(0)).toHaveLength(50);
  });
});

describe("where WhatsApp fails", () => {
  it.each([
    ["refuses", unavailable],
    ["does not answer", Ambiguous],
    ["cannot be reached", { kind: "NotSent", final: false, cause: "ECONNREFUSED" } as const],
  ])("the number is closed once WhatsApp %s half of twenty calls", async (_, answer) => {
    const { clock, send, sendMany, leaving } = createTraffic();
    sendMany(10);
    await leaving(1);
    sendMany(9, { answer });
    await leaving(1);
    expect(await leaving(0)).toHaveLength(0);
    send({ answer });
    expect(await leaving(0)).toHaveLength(1);
    const held = (await send({ waitMs: 4000 }).result)._unsafeUnwrapErr();
    expect(held).toMatchObject({ cause: "outage", until: new Date(clock.now().getTime() + 5000) });
    expect(held.reason).toContain("number-1: WhatsApp failed 10 of 20 calls in ten seconds");
  });

  /** As many as a number must have failed at. */
  const breakDown = ({ sendMany }: Pick<Traffic, "sendMany">) => sendMany(20, { answer: unavailable });

  it("nobody waits: every call but one probe in five seconds is told at once when to come again", async () => {
    const { clock, send, sendMany, leaving, now } = createTraffic();
    breakDown({ sendMany });
    await leaving(0);
    const answers: Promise<{ error: RateLimited; at: number; afterMs: number } | undefined>[] = [];
    for (let tenth = 1; tenth <= 150; tenth += 1) {
      await clock.advance(100);
      const startedAt = now();
      for (const { result } of sendMany(3, { answer: unavailable })) {
        const at = clock.now().getTime();
        answers.push(
          result.then((sent) => (sent.isErr() ? { error: sent.error, at, afterMs: now() - startedAt } : undefined)),
        );
      }
      await clock.advance(0);
    }
    expect((await leaving(0)).map(({ at }) => at)).toEqual([5000, 10_000, 15_000]);
    const told = (await Promise.all(answers)).filter((answer) => answer !== undefined);
    expect(told).toHaveLength(447);
    for (const { error, at, afterMs } of told) {
      expect([error.cause, afterMs]).toEqual(["outage", 0]);
      expect(error.until.getTime()).toBeGreaterThan(at);
      expect(error.until.getTime()).toBeLessThanOrEqual(at + 15_000);
    }
    const late = await Promise.all(Array.from({ length: 1000 }, () => send().result));
    const untils = late.map((sent) => sent._unsafeUnwrapErr().until.getTime() - clock.now().getTime());
    expect(new Set(untils).size).toBeGreaterThan(100);
    expect(Math.max(...untils)).toBeLessThanOrEqual(15_000);
  });

  it("repeats end also after a probe that failed late, until a call that began later works", async () => {
    const { clock, send, sendMany, leaving } = createTraffic();
    const repeatIsRefused = async () => (await send({ isRepeat: true }).result).isErr();
    breakDown({ sendMany });
    await leaving(6000);
    send({ answer: Ambiguous, takesMs: 12_000 });
    await leaving(12_000);
    expect(await repeatIsRefused()).toBe(true);
    send();
    await clock.advance(0);
    expect(await repeatIsRefused()).toBe(false);
    breakDown({ sendMany });
    await clock.advance(5000);
    send({ answer: Ambiguous, takesMs: 8000 });
    await clock.advance(5000);
    send();
    await clock.advance(4000);
    expect(await repeatIsRefused()).toBe(false);
  });

  it("a repeat that stands in line when a probe fails late is not forgotten there", async () => {
    const { clock, send, sendMany } = createTraffic({ numberPerSecond: 20 });
    breakDown({ sendMany });
    await clock.advance(5000);
    send({ answer: Ambiguous, takesMs: 10_500 });
    await clock.advance(10_000);
    sendMany(20, { takesMs: 60_000 });
    const repeats = sendMany(3, { isRepeat: true });
    await clock.advance(20_000);
    expect((await Promise.all(repeats.map(({ result }) => result))).every((sent) => sent.isOk())).toBe(true);
  });

  it("no probe is a repeat that somebody waits for; one of the queue may be", async () => {
    const { clock, send, sendMany, leaving } = createTraffic();
    breakDown({ sendMany });
    await leaving(6000);
    const held = (await send({ isRepeat: true }).result)._unsafeUnwrapErr();
    expect(held).toMatchObject({ cause: "outage", until: new Date(clock.now().getTime() + 1000) });
    send({ isRepeat: true, isQueued: true });
    expect(await leaving(0)).toHaveLength(1);
  });

  it("a probe that succeeds closes the circuit breaker, and all go on", async () => {
    const { clock, send, sendMany, leaving } = createTraffic();
    breakDown({ sendMany });
    await clock.advance(5000);
    const probe = send({ takesMs: 100 });
    const meanwhile = send();
    await clock.advance(100);
    expect([(await probe.result).isOk(), (await meanwhile.result).isOk()]).toEqual([true, false]);
    await leaving(0);
    sendMany(50);
    expect(await leaving(0)).toHaveLength(50);
  });

  it("a probe that hangs does not delay the next one, and its late failure does not open the circuit breaker again", async () => {
    const { clock, send, sendMany, leaving } = createTraffic();
    breakDown({ sendMany });
    await leaving(5000);
    send({ answer: Ambiguous, takesMs: 10_000 });
    expect(await leaving(4999)).toHaveLength(1);
    expect((await send().result)._unsafeUnwrapErr().cause).toBe("outage");
    await clock.advance(1);
    send({ takesMs: 100 });
    expect(await leaving(100)).toHaveLength(1);
    sendMany(30);
    expect(await leaving(8000)).toHaveLength(30);
    sendMany(30);
    expect(await leaving(0)).toHaveLength(30);
  });

  it("the circuit breaker closes when nobody has probed for ten seconds", async () => {
    const { sendMany, leaving } = createTraffic();
    breakDown({ sendMany });
    await leaving(9999);
    sendMany(30, { takesMs: 10, answer: unavailable });
    expect(await leaving(9999)).toHaveLength(1);
    await leaving(1);
    sendMany(50, { takesMs: 10 });
    expect(await leaving(0)).toHaveLength(50);
  });

  it.each([
    ["its number's rate", { numberPerSecond: 20 }, () => ({})],
    ["its recipient", { numberPerSecond: 20 }, () => ({ to: "+628123456789" })],
    ["a permit", { permits: 40, rates: false }, () => ({})],
    ["a permit in the queue", { permits: 40, rates: false }, () => ({ isQueued: true })],
  ])("those who wait for %s are told when that becomes known", async (_, options, rateKey) => {
    const { clock, sendMany, now } = createTraffic(options);
    sendMany(20, { answer: unavailable, takesMs: 300 });
    const endedAt = sendMany(30, { ...rateKey(), takesMs: 60_000 }).map(({ result }) =>
      result.then((sent) => (sent.isErr() && sent.error.cause === "outage" ? now() : undefined)),
    );
    await clock.advance(70_000);
    const told = (await Promise.all(endedAt)).filter((at) => at !== undefined);
    expect(told.length).toBeGreaterThan(5);
    expect(new Set(told)).toEqual(new Set([300]));
  });

  it("without rates as with them", async () => {
    const { send, sendMany, leaving } = createTraffic({ rates: false });
    breakDown({ sendMany });
    await leaving(4999);
    expect((await send().result)._unsafeUnwrapErr().cause).toBe("outage");
    await leaving(1);
    send();
    await leaving(0);
    sendMany(300, { phoneNumberId: "number-1", takesMs: 1 });
    expect((await leaving(1)).length).toBeGreaterThan(100);
  });

  it("a probe that ends without an answer leaves the next one to probe", async () => {
    const { clock, pacer, sendMany, leaving } = createTraffic();
    sendMany(20, { answer: unavailable });
    await leaving(5000);
    const rateKey = { tenantId: "tenant-1", phoneNumberId: "number-1", to: "+1", isRepeat: false };
    const silent = pacer.withPermit(rateKey, clock.now(), () => {
      throw new Error("a defect");
    });
    await expect(Promise.resolve(silent)).rejects.toThrow("a defect");
    sendMany(2, { answer: unavailable });
    expect(await leaving(0)).toHaveLength(1);
  });

  it("what was under way before does not close its circuit breaker", async () => {
    const { send, sendMany, leaving } = createTraffic();
    sendMany(5, { takesMs: 2000 });
    breakDown({ sendMany });
    await leaving(2000);
    expect((await send().result)._unsafeUnwrapErr().cause).toBe("outage");
  });

  it("another number goes on", async () => {
    const { sendMany, leaving } = createTraffic();
    sendMany(30, { answer: unavailable });
    await leaving(0);
    sendMany(30, { phoneNumberId: "number-2" });
    expect(await leaving(0)).toHaveLength(30);
  });
});

describe("repeats", () => {
  const repeat = { isRepeat: true };

  it("of one number are fifty in ten seconds where there are few first attempts", async () => {
    const { sendMany, leaving } = createTraffic({ numberPerSecond: 1000 });
    sendMany(150, repeat);
    expect(await leaving(9000)).toHaveLength(50);
    sendMany(50);
    expect(await leaving(0)).toHaveLength(50);
  });

  it("of one number are a fifth of the first attempts where there are many", async () => {
    const { sendMany, leaving } = createTraffic({ numberPerSecond: 2000 });
    sendMany(2000);
    await leaving(1100);
    sendMany(800, repeat);
    expect(await leaving(1500)).toHaveLength(400);
  });

  it("that the budget refuses are told at once, and keep no first attempt", async () => {
    const { clock, sendMany, leaving, send } = createTraffic({ numberPerSecond: 1000 });
    sendMany(100, repeat);
    await leaving(0);
    send();
    expect(await leaving(0)).toMatchObject([{ rateKey: { isRepeat: false } }]);
    const startedAt = clock.now().getTime();
    const held = (await send(repeat).result)._unsafeUnwrapErr();
    expect(held).toMatchObject({ cause: "outage", reason: expect.stringContaining("the retry budget is used up") });
    expect(clock.now().getTime()).toBe(startedAt);
    expect(held.until.getTime()).toBeGreaterThanOrEqual(startedAt + 5000);
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

  it("of many numbers share what there is, and none takes what another needs", async () => {
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

describe("a recipient", () => {
  const recipient = { to: "+628123456789" };

  it("gets twenty messages in their order, as fast as WhatsApp takes them, and others are not delayed", async () => {
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

  it("that WhatsApp refuses for the pair's limit is left alone for 1, 4, 16, 64 seconds, until it accepts one", async () => {
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

  it("gets nothing more on credit once six seconds are over", async () => {
    const { send, leaving } = createTraffic();
    send(recipient);
    await leaving(3000);
    send(recipient);
    expect(await leaving(4000)).toHaveLength(1);
    send(recipient);
    expect(await leaving(4999)).toHaveLength(0);
    expect(await leaving(1)).toHaveLength(1);
  });

  it("whose attempts did not get through owes nothing for them: repeats have their slots", async () => {
    const { send, leaving } = createTraffic({ pairBurst: 2 });
    for (const answer of [unavailable, Ambiguous, throttled("number"), Ambiguous, Accepted]) {
      send({ ...recipient, answer });
      expect(await leaving(0)).toHaveLength(1);
      await leaving(1000);
    }
  });

  it("who must wait longer than the deadline is told at once, without being named", async () => {
    const { clock, send, sendMany } = createTraffic();
    sendMany(5, recipient);
    await clock.advance(0);
    sendMany(5, recipient);
    const held = (await send({ ...recipient, waitMs: 59_000 }).result)._unsafeUnwrapErr();
    expect(held).toEqual({
      kind: "RateLimited",
      until: new Date(clock.now().getTime() + 60_000),
      cause: "limit",
      reason: expect.stringMatching(/messages to this recipient are ahead/),
    });
    expect(held.reason).not.toContain(recipient.to);
    const later = (await send({ ...recipient, waitMs: 59_000 }).result)._unsafeUnwrapErr();
    expect(later.until.getTime()).toBeGreaterThan(held.until.getTime());
  });
});

describe("a wait that is longer than the deadline", () => {
  it("is told at once, and has cost nothing", async () => {
    const { clock, send, sendMany, left, leaving } = createTraffic();
    sendMany(312 + 80);
    await leaving(0);
    const held = (await send({ waitMs: 4000 }).result)._unsafeUnwrapErr();
    expect(held.reason).toContain("number-1: 312 messages are ahead, and this number sends at most 80 per second");
    expect(held.until.getTime() - clock.now().getTime()).toBeGreaterThan(4000);
    const later = (await send({ waitMs: 4000 }).result)._unsafeUnwrapErr();
    expect(later.until.getTime()).toBeGreaterThan(held.until.getTime());
    await leaving(20_000);
    expect(left).toHaveLength(392);
  });

  it("is told at the deadline where nobody knew, and those behind go on", async () => {
    const { clock, send, leaving } = createTraffic({ permits: 1 });
    send({ takesMs: 2000 });
    const impatient = send({ waitMs: 1000 });
    send();
    expect(await leaving(1000)).toHaveLength(1);
    expect((await impatient.result)._unsafeUnwrapErr()).toMatchObject({
      cause: "limit",
      until: new Date(clock.now().getTime() + 1000),
    });
    expect(await leaving(1000)).toHaveLength(1);
  });
});

describe("who gives up waiting", () => {
  const recipient = { to: "+628123456789" };

  it("for the recipient does not keep those behind", async () => {
    const { send, leaving } = createTraffic();
    send({ ...recipient, takesMs: 3000 });
    const impatient = send({ ...recipient, waitMs: 1000 });
    send(recipient);
    expect(await leaving(2999)).toHaveLength(1);
    (await impatient.result)._unsafeUnwrapErr();
    expect(await leaving(1000)).toHaveLength(1);
  });

  it("for a permit does not keep those of the same recipient", async () => {
    const { send, leaving } = createTraffic({ permits: 1 });
    send({ takesMs: 3000 });
    const impatient = send({ ...recipient, waitMs: 1000 });
    send(recipient);
    expect(await leaving(2999)).toHaveLength(1);
    (await impatient.result)._unsafeUnwrapErr();
    expect(await leaving(1)).toHaveLength(1);
  });
});

describe("permits", () => {
  const slow = { takesMs: 10_000 };

  it("are left for others by a number that wants them all", async () => {
    const { sendMany, leaving } = createTraffic({ permits: 100, rates: false });
    sendMany(1000, slow);
    expect(await leaving(0)).toHaveLength(50);
    sendMany(20, { phoneNumberId: "number-2" });
    expect(await leaving(0)).toHaveLength(20);
  });

  it("are left for others by a tenant with many numbers that wants them all", async () => {
    const { send, sendMany, leaving } = createTraffic({ permits: 100, rates: false });
    for (let number = 0; number < 200; number += 1) send({ ...slow, phoneNumberId: `number-${number}` });
    expect(await leaving(0)).toHaveLength(75);
    sendMany(12, { tenantId: "tenant-2", phoneNumberId: "another", ...slow });
    expect(await leaving(0)).toHaveLength(12);
  });

  it("are one share for a tenant, also of what waits while many others come and go", async () => {
    const { clock, send, sendMany, leaving } = createTraffic({ permits: 100, rates: false });
    send({ tenantId: "another", answer: throttled("app", { retryAfterMs: 5000 }) });
    await clock.advance(0);
    sendMany(60, slow);
    for (let tenant = 0; tenant < 50; tenant += 1) send({ tenantId: `other-${tenant}`, phoneNumberId: "other" });
    await leaving(1000);
    for (let number = 0; number < 200; number += 1) send({ ...slow, phoneNumberId: `number-${number + 2}` });
    expect(await leaving(5000)).toHaveLength(75);
  });

  it("go round the numbers when they are scarce", async () => {
    const { sendMany, leaving } = createTraffic({ permits: 2, rates: false });
    for (const phoneNumberId of ["a", "b"]) sendMany(30, { phoneNumberId, takesMs: 100 });
    sendMany(3, { phoneNumberId: "c", takesMs: 100 });
    const gone = await leaving(5000);
    expect(gone).toHaveLength(63);
    expect(gone.findLastIndex(({ rateKey }) => rateKey.phoneNumberId === "c")).toBeLessThan(12);
  });

  it("are not held by what waits for its number or its recipient", async () => {
    const { send, sendMany, leaving } = createTraffic({ permits: 20 });
    sendMany(50, { to: "+628123456789" });
    sendMany(500, { phoneNumberId: "number-2" });
    await leaving(1050);
    for (let number = 3; number < 23; number += 1)
      send({ tenantId: `tenant-${number}`, phoneNumberId: `number-${number}`, takesMs: 9000 });
    expect(await leaving(0)).toHaveLength(20);
  });
});

describe("without rates", () => {
  it("nothing is slowed down before WhatsApp says so, and then for a second", async () => {
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

describe("an operator", () => {
  it("is told when a number is slowed, closed and open again", async () => {
    const telemetry = createRecordingTelemetry();
    const { clock, send, sendMany } = createTraffic({ telemetry });
    send({ answer: throttled("number", { failure: { class: "throttled", code: 130_429, details: "" } }) });
    await clock.advance(10_000);
    sendMany(19, { answer: unavailable });
    await clock.advance(6000);
    send();
    await clock.advance(0);
    expect(telemetry.events).toEqual([
      {
        kind: "PaceChanged",
        phoneNumberId: "number-1",
        state: "throttled",
        reason: "WhatsApp says that the number's limit is reached (130429); 40 messages a second for now",
      },
      { kind: "PaceChanged", phoneNumberId: "number-1", state: "normal", reason: expect.any(String) },
      {
        kind: "PaceChanged",
        phoneNumberId: "number-1",
        state: "paused",
        reason: "WhatsApp failed 19 of 20 calls in ten seconds",
        until: new Date(clock.now().getTime() - 1000),
      },
      { kind: "PaceChanged", phoneNumberId: "number-1", state: "normal", reason: expect.any(String) },
    ]);
  });
});

it.each([
  ["number", "the number's limit is reached"],
  ["account", "the account's limit is reached"],
  ["app", "the app's limit is reached"],
  ["maintenance", "the account is in maintenance"],
] as const)("is told why, in words: %s", async (scope, words) => {
  const telemetry = createRecordingTelemetry();
  const { clock, send } = createTraffic({ telemetry });
  send({ answer: throttled(scope, { retryAfterMs: 7000 }) });
  await clock.advance(0);
  expect(telemetry.events).toMatchObject([{ reason: expect.stringContaining(`WhatsApp says that ${words}`) }]);
});

it("is told that a number is open again only when it is", async () => {
  const telemetry = createRecordingTelemetry();
  const { clock, send } = createTraffic({ telemetry });
  send({ takesMs: 1000 });
  send({ answer: throttled("maintenance") });
  await clock.advance(59_999);
  expect(telemetry.events).toMatchObject([{ state: "paused", until: new Date(clock.now().getTime() + 1) }]);
  await clock.advance(1);
  send();
  await clock.advance(0);
  expect(telemetry.events).toMatchObject([{ state: "paused" }, { state: "normal" }]);
});

describe("options", () => {
  it.each([{ permits: 0 }, { numberPerSecond: 0.5 }, { pairBurst: Number.NaN }])("%o are refused", (options) => {
    expect(() => createTraffic(options)).toThrow(RangeError);
  });
});
