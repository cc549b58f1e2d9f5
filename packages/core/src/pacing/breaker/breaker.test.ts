import { describe, expect, it } from "vitest";

import { Ambiguous, createTraffic, unavailable } from "../../../test/traffic.ts";
import type { RateLimited } from "../../ports/pacer.ts";

type Traffic = ReturnType<typeof createTraffic>;

describe("while WhatsApp fails", () => {
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
    expect(held).toMatchObject({ cause: "outage", retryAt: new Date(clock.now().getTime() + 5000) });
    expect(held.reason).toContain("number-1: WhatsApp failed 10 of 20 calls in ten seconds");
  });

  /** As many as a number must have failed at. */
  const breakDown = ({ sendMany }: Pick<Traffic, "sendMany">) => sendMany(20, { answer: unavailable });

  it("every call is refused at once with a retry time, except one probe every five seconds", async () => {
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
      expect(error.retryAt.getTime()).toBeGreaterThan(at);
      expect(error.retryAt.getTime()).toBeLessThanOrEqual(at + 15_000);
    }
    const late = await Promise.all(Array.from({ length: 1000 }, () => send().result));
    const untils = late.map((sent) => sent._unsafeUnwrapErr().retryAt.getTime() - clock.now().getTime());
    expect(new Set(untils).size).toBeGreaterThan(100);
    expect(Math.max(...untils)).toBeLessThanOrEqual(15_000);
  });

  it("retries are also refused after a probe that failed late, until a later call works", async () => {
    const { clock, send, sendMany, leaving } = createTraffic();
    const repeatIsRefused = async () => (await send({ isRetry: true }).result).isErr();
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

  it("a retry in the queue is refused when a probe fails late", async () => {
    const { clock, send, sendMany } = createTraffic({ numberPerSecond: 20 });
    breakDown({ sendMany });
    await clock.advance(5000);
    send({ answer: Ambiguous, takesMs: 10_500 });
    await clock.advance(10_000);
    sendMany(20, { takesMs: 60_000 });
    const repeats = sendMany(3, { isRetry: true });
    await clock.advance(20_000);
    expect((await Promise.all(repeats.map(({ result }) => result))).every((sent) => sent.isOk())).toBe(true);
  });

  it("a caller's retry is never the probe; a queued message's retry may be", async () => {
    const { clock, send, sendMany, leaving } = createTraffic();
    breakDown({ sendMany });
    await leaving(6000);
    const held = (await send({ isRetry: true }).result)._unsafeUnwrapErr();
    expect(held).toMatchObject({ cause: "outage", retryAt: new Date(clock.now().getTime() + 1000) });
    send({ isRetry: true, isQueued: true });
    expect(await leaving(0)).toHaveLength(1);
  });

  it("a successful probe closes the circuit breaker, and all calls continue", async () => {
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

  it("a probe that hangs does not delay the next one, and its late failure does not reopen the circuit breaker", async () => {
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

  it("the circuit breaker closes after ten seconds without a probe", async () => {
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

  it("the circuit breaker works without rates too", async () => {
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

  it("after a probe that reports no outcome, the next call probes", async () => {
    const { clock, pacer, sendMany, leaving } = createTraffic();
    sendMany(20, { answer: unavailable });
    await leaving(5000);
    const rateKey = { tenantId: "tenant-1", phoneNumberId: "number-1", to: "+1", isRetry: false };
    const silent = pacer.withPermit(rateKey, clock.now(), () => {
      throw new Error("a defect");
    });
    await expect(Promise.resolve(silent)).rejects.toThrow("a defect");
    sendMany(2, { answer: unavailable });
    expect(await leaving(0)).toHaveLength(1);
  });

  it("a call that started before the outage does not close the circuit breaker", async () => {
    const { send, sendMany, leaving } = createTraffic();
    sendMany(5, { takesMs: 2000 });
    breakDown({ sendMany });
    await leaving(2000);
    expect((await send().result)._unsafeUnwrapErr().cause).toBe("outage");
  });

  it("another number continues", async () => {
    const { sendMany, leaving } = createTraffic();
    sendMany(30, { answer: unavailable });
    await leaving(0);
    sendMany(30, { phoneNumberId: "number-2" });
    expect(await leaving(0)).toHaveLength(30);
  });
});
