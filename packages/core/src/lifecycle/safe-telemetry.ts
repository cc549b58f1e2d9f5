import type { Telemetry } from "../ports/telemetry.ts";

/** Where nobody listens: events that cost something are not made for it. */
export const silence: Telemetry = { record() {} };

/** Drops what `telemetry` throws: it must not stop a send. */
export function safeTelemetry(telemetry: Telemetry | undefined): Telemetry {
  if (!telemetry) return silence;
  return {
    record(event) {
      try {
        telemetry.record(event);
      } catch {
        // Nothing else could report it.
      }
    },
  };
}
