import { describe, expect, it } from "vitest";

import { Accepted, createTraffic, CredentialRefused, refused, throttled, unavailable } from "../../../test/traffic.ts";
import { createRecordingTelemetry } from "../../in-memory/index.ts";

describe("a number is paused", () => {
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
    expect(held).toMatchObject({ cause: "limit", retryAt: new Date(clock.now().getTime() + ms) });
    expect(held.reason).toContain("number-1");
    send({ waitMs: 2 * ms });
    expect(await leaving(ms - 1)).toHaveLength(0);
    expect(await leaving(1)).toHaveLength(1);
  });

  it("not by a final rejection, a rate limit or a rejected token", async () => {
    const { sendMany, leaving } = createTraffic({ numberPerSecond: 1000 });
    for (const answer of [refused, CredentialRefused, { kind: "NotSent", final: true, cause: "" } as const]) {
      sendMany(200, { answer });
      await leaving(2000);
    }
    sendMany(50);
    expect(await leaving(0)).toHaveLength(50);
  });
});

describe("an operator", () => {
  it("is told when a number is throttled, paused and normal again", async () => {
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

it("is told that a number is normal only when it is", async () => {
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
