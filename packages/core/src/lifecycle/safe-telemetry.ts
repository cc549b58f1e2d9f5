import type { Telemetry, TelemetryEvent } from "../ports/telemetry.ts";

const silence: Telemetry = { record() {}, records: () => false };

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
    records(kind) {
      try {
        return isRecorded(telemetry, kind);
      } catch {
        return true;
      }
    },
  };
}

/** Whether `telemetry` records events of a kind. Ask before you make an event that costs something. */
export function isRecorded(telemetry: Telemetry, kind: TelemetryEvent["kind"]): boolean {
  return telemetry.records?.(kind) ?? true;
}
