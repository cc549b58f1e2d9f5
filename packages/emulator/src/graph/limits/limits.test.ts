import { describe, expect, test } from "vitest";

import { openGraph } from "../../../test/graph-client.ts";
import { createServices } from "../../sandbox/services.ts";
import type { WhatsAppLimits } from "./limits.ts";

const start = Date.UTC(2026, 10, 1);
const minute = 60_000;
const hour = 60 * minute;

/** Two numbers of one account. Each has its own limits and windows. */
const account = { waba_id: "999", waba_access_token: "EAAtoken" };
const outlets = { o1: { ...account, phone_number_id: "123" }, o2: { ...account, phone_number_id: "456" } };
const tokens = { EAAtoken: { phoneNumberIds: ["789"] } };

function limited(limits: WhatsAppLimits) {
  const { sendText, ...services } = openGraph({ limits, now: () => start, tenants: { t1: { outlets } }, tokens });

  /** Resolves to 200, or to the error's code. */
  async function send(change: object = {}, number = "123"): Promise<number> {
    const { status, body } = await sendText(change, { number });
    return body.error?.code ?? status;
  }

  async function many(count: number, change?: object) {
    const codes = [];
    for (let one = 0; one < count; one += 1) codes.push(await send(change));
    return codes;
  }

  return { ...services, send, many };
}

const template = { type: "template", template: { name: "hello_world", language: { code: "en_US" } } };
const to = (recipient: string) => ({ to: recipient });

test("there are no limits by default", async () => {
  const { many } = limited({});
  expect(new Set(await many(200))).toEqual(new Set([200]));
});

describe("throughput of a number", () => {
  test("no more messages within any second than the limit", async () => {
    const { send, many, clock } = limited({ throughputPerSecond: 3 });
    expect(await many(2)).toEqual([200, 200]);
    clock.advance(600);
    expect(await many(2)).toEqual([200, 130429]);
    clock.advance(399);
    expect(await send()).toBe(130429);
    clock.advance(1);
    expect(await many(3)).toEqual([200, 200, 130429]);
  });

  test("refused messages do not count", async () => {
    const { send, many, faults } = limited({ throughputPerSecond: 1 });
    faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 131000 } });
    expect([await send(), await send({ type: "hologram" }), await send()]).toEqual([131000, 131051, 200]);
    expect(await many(2)).toEqual([130429, 130429]);
  });

  test("a number may have a limit of its own", async () => {
    const { send } = limited({ throughputPerSecond: 1, throughputOf: { "456": 2 } });
    expect([await send(), await send()]).toEqual([200, 130429]);
    expect([await send({}, "456"), await send({}, "456"), await send({}, "456")]).toEqual([200, 200, 130429]);
  });

  test("is counted per number, and inbound messages count", async () => {
    const { send, webhooks } = limited({ throughputPerSecond: 1 });
    expect([await send(), await send({}, "456")]).toEqual([200, 200]);
    webhooks.inbound({ phoneNumberId: "789", from: "628123456", text: "Hi" });
    expect(await send({}, "789")).toBe(130429);
  });
});

describe("rate of a pair", () => {
  test("one message every six seconds", async () => {
    const { send, clock } = limited({ pair: true });
    for (let round = 0; round < 50; round += 1) {
      expect(await send()).toBe(200);
      clock.advance(6_000);
    }
  });

  test("after a burst of 20, none until 20 times six seconds have passed", async () => {
    const { send, many, clock } = limited({ pair: true });
    expect(new Set(await many(20))).toEqual(new Set([200]));
    clock.advance(6_000);
    expect(await send()).toBe(131056);
    clock.advance(19 * 6_000 - 1);
    expect(await send()).toBe(131056);
    clock.advance(1);
    expect(await send()).toBe(200);
  });

  test("at most 45 within six seconds", async () => {
    const { many, clock } = limited({ pair: true });
    expect((await many(30)).concat(await many(16))).toEqual([...Array.from({ length: 45 }, () => 200), 131056]);
    clock.advance(45 * 6_000);
    expect(await many(1)).toEqual([200]);
  });

  test("is counted per number and person", async () => {
    const { send, many, clock } = limited({ pair: true });
    await many(2);
    clock.advance(6_000);
    expect([await send(), await send(to("+628999")), await send({}, "456")]).toEqual([131056, 200, 200]);
  });

  test("a phone number and a business-scoped user id may be the same person", async () => {
    const { send, many, clock, webhooks } = limited({ pair: true });
    webhooks.inbound({ phoneNumberId: "123", from: "628123456", userId: "ID.77", text: "Hi" });
    await many(2);
    clock.advance(6_000);
    expect(await send({ to: undefined, recipient: "ID.77" })).toBe(131056);
    expect(await send({ to: undefined, recipient: "ID.78" })).toBe(200);
  });
});

describe("24-hour window", () => {
  const received = { phoneNumberId: "123", from: "+62 812-3456", text: "Hi" };

  test("only templates to people who have not written", async () => {
    const { send, webhooks } = limited({ window: true });
    expect([await send(), await send(template)]).toEqual([131047, 200]);
    webhooks.inbound(received);
    expect([await send(), await send(to("+628999")), await send({}, "456")]).toEqual([200, 131047, 131047]);
  });

  test("closes 24 hours after the last inbound message", async () => {
    const { send, clock, webhooks } = limited({ window: true });
    webhooks.inbound(received);
    clock.advance(23 * hour);
    webhooks.inbound(received);
    clock.advance(24 * hour - 1);
    expect(await send()).toBe(200);
    clock.advance(1);
    expect(await send()).toBe(131047);
  });
});

test("limits can be replaced; the reset restores the initial ones, the time and empty counts", async () => {
  const { state, many, clock, reset } = limited({ throughputPerSecond: 2 });
  await many(2);
  state().limiter.limits = { throughputPerSecond: 1 };
  clock.advance(minute);
  expect(await many(2)).toEqual([200, 130429]);
  reset();
  expect(clock.now()).toBe(start);
  expect(await many(3)).toEqual([200, 200, 130429]);
});

test.each([{ throughputPerSecond: 0 }, { pair: "yes" }, { gravity: true }])("the limits %j are rejected", (limits) => {
  expect(() => createServices({ limits: limits as WhatsAppLimits })).toThrow();
});

test("the clock cannot go back", () => {
  const { clock } = limited({});
  expect(() => clock.advance(-1)).toThrow(RangeError);
  expect(() => clock.advance(Number.NaN)).toThrow(RangeError);
});
