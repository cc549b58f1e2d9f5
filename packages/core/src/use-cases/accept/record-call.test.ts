import { errAsync, okAsync, type ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { createManualClock, createRecordingTelemetry } from "../../in-memory/index.ts";
import { recordCall } from "./record-call.ts";

type Answered = ResultAsync<{ readonly replayed: boolean }, { readonly kind: string }>;

let clock: ReturnType<typeof createManualClock>;
let telemetry: ReturnType<typeof createRecordingTelemetry>;

beforeEach(() => {
  clock = createManualClock();
  telemetry = createRecordingTelemetry();
});

describe("a call is recorded", () => {
  it.each<readonly [Answered, object]>([
    [okAsync({ replayed: false }), { result: "done" }],
    [okAsync({ replayed: true }), { result: "replayed" }],
    [errAsync({ kind: "QuotaExceeded" }), { result: "QuotaExceeded" }],
    [errAsync({ kind: "RateLimited", cause: "outage" }), { result: "RateLimited", cause: "outage" }],
    [errAsync({ kind: "Unavailable", cause: new Error("secret") }), { result: "Unavailable" }],
    [errAsync({ kind: "DeliveryFailed", replayed: false }), { result: "DeliveryFailed" }],
    [errAsync({ kind: "DeliveryFailed", replayed: true }), { result: "replayed" }],
  ])("with its result: %o", async (answered, expected) => {
    const result = recordCall("send", { clock, telemetry }, async () => {
      await clock.sleep(70);
      return answered;
    });
    expect(await clock.runUntil(result)).toEqual(await answered);
    expect(telemetry.events).toEqual([{ kind: "CallAnswered", call: "send", durationMs: 70, ...expected }]);
  });
});
