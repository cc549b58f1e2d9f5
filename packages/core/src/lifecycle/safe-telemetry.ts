import type { Telemetry } from "../ports/telemetry.ts";

/** A telemetry that throws must not stop a send: its errors are dropped. */
export function safeTelemetry(telemetry: Telemetry | undefined): Telemetry {
  return {
    record(event) {
      try {
        telemetry?.record(event);
      } catch {
        // There is nobody left to tell.
      }
    },
  };
}
