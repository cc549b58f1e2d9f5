import type { StatusDelivery } from "@message-sender/core/adapter";
import { createManualClock, type ManualClock } from "@message-sender/core/in-memory";
import { beforeEach, describe, expect, it } from "vitest";

import { createReceiverGate, type ReceiverGate, requestsAtOnce } from "./receiver-gate.ts";

const delivered: StatusDelivery = { kind: "delivered" };
const failed: StatusDelivery = { kind: "retry", reason: "answered HTTP 503" };

let clock: ManualClock;
let share: number;
let gate: ReceiverGate;
let begun: number;

beforeEach(() => {
  clock = createManualClock();
  share = 64;
  gate = createReceiverGate({ clock, share: () => share });
  begun = 0;
});

function pass(answer: StatusDelivery | Promise<StatusDelivery>): Promise<StatusDelivery> {
  return gate.pass(async () => {
    begun += 1;
    return answer;
  });
}

async function fail(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await pass(failed);
}

/** In how many milliseconds a busy receiver is to be tried again. */
function waitOf(result: StatusDelivery): number {
  if (result.kind !== "busy") throw new Error(`it is ${result.kind}`);
  return result.retryAt.getTime() - clock.now().getTime();
}

describe("a receiver that answers", () => {
  it("gets 16 requests at a time, and the next as soon as one ends", async () => {
    const held = Promise.withResolvers<StatusDelivery>();
    const first = Array.from({ length: requestsAtOnce }, () => pass(held.promise));
    const next = pass(delivered);
    await clock.advance(0);
    expect(begun).toBe(requestsAtOnce);
    held.resolve(delivered);
    expect(await Promise.all([...first, next])).toEqual(Array.from({ length: 17 }, () => delivered));
    expect(gate.isIdle()).toBe(true);
  });

  it("takes no more than its share; the rest comes back later, each in its turn", async () => {
    share = 20;
    const held = Promise.withResolvers<StatusDelivery>();
    const inside = Array.from({ length: 20 }, () => pass(held.promise));
    const waits: number[] = [];
    for (let index = 0; index < 2000; index += 1) waits.push(waitOf(await pass(delivered)));
    expect(waits[0]).toBe(250);
    expect(waits.at(-1)).toBe(1250);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(begun).toBe(requestsAtOnce);
    held.resolve(delivered);
    await Promise.all(inside);
  });

  it("has a longer queue the slower it answers, up to a minute", async () => {
    share = 1;
    const slow = pass(new Promise((resolve) => void clock.sleep(8000).then(() => resolve(delivered))));
    await clock.advance(8000);
    await slow;
    const held = Promise.withResolvers<StatusDelivery>();
    const inside = pass(held.promise);
    let last = 0;
    for (let index = 0; index < 100; index += 1) last = waitOf(await pass(delivered));
    expect(last).toBeGreaterThan(6000);
    for (let index = 0; index < 2000; index += 1) last = waitOf(await pass(delivered));
    expect(last).toBe(60_000);
    held.resolve(delivered);
    await inside;
  });

  it("has 64 events at most in the gate, or as many as it answers in a quarter of a second", async () => {
    share = 256;
    const kinds = async (count: number) => {
      const held = Promise.withResolvers<StatusDelivery>();
      const passing = Array.from({ length: count }, () => pass(held.promise));
      await clock.advance(5);
      held.resolve(delivered);
      return Map.groupBy(await Promise.all(passing), ({ kind }) => kind);
    };
    expect((await kinds(300)).get("delivered")).toHaveLength(64);
    expect((await kinds(300)).get("delivered")).toHaveLength(256);
    for (let index = 0; index < 40; index += 1) {
      const slow = pass(clock.sleep(200).then(() => delivered));
      await clock.advance(200);
      await slow;
    }
    expect((await kinds(300)).get("delivered")).toHaveLength(64);
  });

  it("keeps nobody waiting for a place longer than 10 s", async () => {
    const held = Promise.withResolvers<StatusDelivery>();
    const inside = Array.from({ length: requestsAtOnce }, () => pass(held.promise));
    const waiting = pass(delivered);
    await clock.advance(10_000);
    expect((await waiting).kind).toBe("busy");
    held.resolve(delivered);
    await Promise.all(inside);
  });
});

describe("a receiver that fails", () => {
  it("goes on being tried while some succeed", async () => {
    for (let index = 0; index < 60; index += 1) await pass(index % 3 === 0 ? delivered : failed);
    expect(begun).toBe(60);
  });

  it("is left alone after 16 failures in a row, but for one request a second", async () => {
    await fail(requestsAtOnce);
    for (let round = 0; round < 9; round += 1) {
      expect(waitOf(await pass(delivered))).toBe(1000);
      await clock.advance(999);
      expect((await pass(delivered)).kind).toBe("busy");
      await clock.advance(1);
      expect(await pass(failed)).toEqual(failed);
    }
    expect(begun).toBe(requestsAtOnce + 9);
    expect(gate.isIdle()).toBe(false);
  });

  it.each([
    [500, 3000],
    [5000, 30_000],
    [10_000, 60_000],
    [20_000, 60_000],
  ])("is left alone the longer, the longer its failures take: %i ms, %i ms", async (tookMs, pauseMs) => {
    await fail(requestsAtOnce - 1);
    const slow = pass(clock.sleep(tookMs).then(() => failed));
    await clock.advance(tookMs);
    await slow;
    expect(waitOf(await pass(delivered))).toBe(pauseMs);
  });

  it("puts its events back one behind the other, up to a minute", async () => {
    await fail(requestsAtOnce);
    const waits: number[] = [];
    for (let index = 0; index < 100_000; index += 1) waits.push(waitOf(await pass(delivered)));
    expect(waits[0]).toBe(1000);
    expect(waits[1000]).toBe(1750);
    expect(waits.at(-1)).toBe(60_000);
  });

  it("gets one request at a time until one succeeds, and then all", async () => {
    await fail(requestsAtOnce);
    await clock.advance(1000);
    const probe = Promise.withResolvers<StatusDelivery>();
    const probing = pass(probe.promise);
    expect((await pass(delivered)).kind).toBe("busy");
    probe.resolve(delivered);
    await probing;
    expect(await pass(delivered)).toEqual(delivered);
    expect(gate.isIdle()).toBe(true);
  });

  it("releases at once what waited when it began to fail", async () => {
    const held = Promise.withResolvers<StatusDelivery>();
    const first = Array.from({ length: requestsAtOnce }, () => pass(held.promise));
    const waiting = Array.from({ length: 30 }, () => pass(delivered));
    await clock.advance(0);
    held.resolve(failed);
    await Promise.all(first);
    expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual(waiting.map(() => "busy"));
    expect(begun).toBe(requestsAtOnce);
  });

  it("gets nothing until the time that it asked for", async () => {
    const retryAt = new Date(clock.now().getTime() + 30_000);
    await pass({ kind: "retry", reason: "answered HTTP 429", httpStatus: 429, retryAt });
    expect(waitOf(await pass(delivered))).toBe(30_000);
    await clock.advance(30_000);
    expect(await pass(delivered)).toEqual(delivered);
  });

  it("a refusal is an answer, not a failure", async () => {
    for (let index = 0; index < 20; index += 1) await pass({ kind: "refused", reason: "answered HTTP 410" });
    expect(begun).toBe(20);
  });
});
