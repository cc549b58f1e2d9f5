import type { Telemetry, TelemetryEvent } from "../ports/telemetry.ts";

export interface RecordingTelemetry extends Telemetry {
  readonly events: readonly TelemetryEvent[];
}

export function createRecordingTelemetry(): RecordingTelemetry {
  const events: TelemetryEvent[] = [];
  return { events, record: (event) => void events.push(event) };
}
