import type { Telemetry } from "../ports/telemetry.ts";

/** Drops what `telemetry` throws: it must not stop a send. */
export function safeTelemetry(telemetry: Telemetry | undefined): Telemetry {
  return {
    record(event) {
      try {
        telemetry?.record(event);
      } catch {
        // Nothing else could report it.
      }
    },
  };
}
