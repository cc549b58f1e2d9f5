import { expect, it } from "vitest";

import { isRecorded, safeTelemetry } from "./safe-telemetry.ts";

it("every kind of event is recorded, unless the telemetry says that it does nothing with it", () => {
  const all = safeTelemetry({ record() {} });
  const some = safeTelemetry({ record() {}, records: (kind) => kind === "MessageSent" });
  expect(isRecorded(all, "AttemptEnded")).toBe(true);
  expect(isRecorded(some, "MessageSent")).toBe(true);
  expect(isRecorded(some, "AttemptEnded")).toBe(false);
  expect(isRecorded(safeTelemetry(undefined), "MessageSent")).toBe(false);
});

it("drops what the telemetry throws, and then counts every kind as recorded", () => {
  const broken = (): never => {
    throw new Error("broken");
  };
  const safe = safeTelemetry({ record: broken, records: broken });
  expect(() => safe.record({ kind: "StatusesRecorded", applied: 0, parked: 0, unmatched: 0 })).not.toThrow();
  expect(isRecorded(safe, "MessageSent")).toBe(true);
});
