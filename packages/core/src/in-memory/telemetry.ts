import type { Telemetry, TelemetryEvent } from "../ports/telemetry.ts";

/** Telemetry that a test can read. */
export interface RecordingTelemetry extends Telemetry {
  readonly events: readonly TelemetryEvent[];
}

/** Records every event. */
export function createRecordingTelemetry(): RecordingTelemetry {
  const events: TelemetryEvent[] = [];
  return { events, record: (event) => void events.push(event) };
}
