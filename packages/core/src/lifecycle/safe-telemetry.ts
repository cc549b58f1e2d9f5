import type { Telemetry } from "../ports/telemetry.ts";

/** Whoever is told must not throw; where it does, sends go on all the same. */
export function guardedTelemetry(told: Telemetry | undefined): Telemetry {
  return {
    record(event) {
      try {
        told?.record(event);
      } catch {
        // There is nobody left to tell.
      }
    },
  };
}
