import { describe, expect, it } from "vitest";

import { createTraffic, throttled, unavailable } from "../../test/traffic.ts";
import { createRecordingTelemetry } from "../in-memory/index.ts";

function createTold(options: Parameters<typeof createTraffic>[0] = {}) {
  const telemetry = createRecordingTelemetry();
  const traffic = createTraffic({ telemetry, ...options });
  const waits = () => telemetry.events.filter(({ kind }) => kind === "PermitWaited");
  return { ...traffic, waits };
}

const waited = (more: object) => ({ kind: "PermitWaited", phoneNumberId: "number-1", granted: true, ...more });

describe("telemetry of waits", () => {
  it("says nothing of a submission that starts at once", async () => {
    const { send, clock, waits } = createTold();
    send();
    await clock.advance(0);
    expect(waits()).toEqual([]);
  });

  it("says how long one waited for a permit", async () => {
    const { sendMany, clock, waits } = createTold({ permits: 2, rates: false });
    sendMany(2, { takesMs: 700 });
    await clock.advance(10_000);
    expect(waits()).toEqual([waited({ reason: "permit", waitedMs: 700 })]);
  });

  it("says that one waited for the rate of its number", async () => {
    const { sendMany, clock, waits } = createTold({ numberPerSecond: 2 });
    sendMany(5);
    await clock.advance(10_000);
    expect(waits()).toContainEqual(waited({ reason: "number", waitedMs: expect.any(Number) }));
    expect(new Set(waits().map((event) => "reason" in event && event.reason))).toEqual(new Set(["number"]));
  });

  it("says that one waited for an earlier one to its recipient", async () => {
    const { send, clock, waits } = createTold();
    for (const takesMs of [300, 0]) send({ to: "+6281", takesMs });
    await clock.advance(1000);
    expect(waits()).toEqual([waited({ reason: "pair", waitedMs: 300 })]);
  });

  it("says that one was refused by the limit of its recipient", async () => {
    const { send, clock, waits } = createTold({ pairBurst: 1 });
    send({ to: "+6281" });
    await clock.advance(100);
    send({ to: "+6281", waitMs: 100 });
    await clock.advance(100);
    expect(waits()).toEqual([waited({ reason: "pair", waitedMs: 0, granted: false })]);
  });

  it("says that one was refused by a pause, and by a breaker that is open", async () => {
    const { send, sendMany, clock, waits } = createTold();
    send({ answer: throttled("maintenance") });
    await clock.advance(0);
    send({ waitMs: 1000 });
    sendMany(20, { answer: unavailable, phoneNumberId: "number-2" });
    await clock.advance(1000);
    const before = waits().length;
    expect(waits()).toContainEqual(waited({ reason: "pause", waitedMs: 0, granted: false }));
    send({ phoneNumberId: "number-2" });
    await clock.advance(0);
    expect(waits().slice(before)).toEqual([
      waited({ phoneNumberId: "number-2", reason: "breaker", waitedMs: 0, granted: false }),
    ]);
  });

  it("says that one that got no permit by its deadline was refused after a wait", async () => {
    const { sendMany, send, clock, waits } = createTold({ permits: 2, rates: false });
    sendMany(1, { takesMs: 5000 });
    send({ waitMs: 400 });
    await clock.advance(400);
    expect(waits()).toEqual([waited({ reason: "permit", waitedMs: 400, granted: false })]);
  });
});
