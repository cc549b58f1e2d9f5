import { err, ok, type Result } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { createManualClock, createRecordingTelemetry } from "../../in-memory/index.ts";
import { recordCall } from "./record-call.ts";

type Answered = Result<{ readonly replayed: boolean }, { readonly kind: string }>;

let clock: ReturnType<typeof createManualClock>;
let telemetry: ReturnType<typeof createRecordingTelemetry>;

beforeEach(() => {
  clock = createManualClock();
  telemetry = createRecordingTelemetry();
});

describe("a call is recorded", () => {
  it.each<readonly [Answered, object]>([
    [ok({ replayed: false }), { result: "done" }],
    [ok({ replayed: true }), { result: "replayed" }],
    [err({ kind: "QuotaExceeded" }), { result: "QuotaExceeded" }],
    [err({ kind: "RateLimited", cause: "outage" }), { result: "RateLimited", cause: "outage" }],
    [err({ kind: "Unavailable", cause: new Error("secret") }), { result: "Unavailable" }],
    [err({ kind: "DeliveryFailed", replayed: false }), { result: "DeliveryFailed" }],
    [err({ kind: "DeliveryFailed", replayed: true }), { result: "replayed" }],
  ])("with its result: %o", async (answered, expected) => {
    const startedMs = clock.monotonicMs();
    await clock.runUntil(clock.sleep(70));
    recordCall("send", { clock, telemetry }, startedMs, answered);
    expect(telemetry.events).toEqual([{ kind: "CallAnswered", call: "send", durationMs: 70, ...expected }]);
  });
});
