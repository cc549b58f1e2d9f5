import { isRecorded, safeTelemetry, type Telemetry } from "@message-sender/core/adapter";

import { createLogTelemetry } from "./log/log-telemetry.ts";
import { createPrometheusTelemetry } from "./metrics/prometheus-telemetry.ts";
import type { RegistryPart } from "./metrics/registry.ts";
import type { ServiceOptions } from "./service-options.ts";

/** Passes each event to the log, the metrics and the caller's telemetry. One that throws does not stop the others. */
export function createServiceTelemetry(
  { logger, telemetry, ports }: ServiceOptions,
  metrics: RegistryPart | undefined,
): Telemetry {
  const receivers = [
    ports?.telemetry ?? (logger && createLogTelemetry(logger)),
    metrics && createPrometheusTelemetry(metrics),
    telemetry,
  ].flatMap((receiver) => (receiver ? [safeTelemetry(receiver)] : []));
  const [only, ...others] = receivers;
  if (only && others.length === 0) return only;
  return {
    record(event) {
      for (const receiver of receivers) receiver.record(event);
    },
    records: (kind) => receivers.some((receiver) => isRecorded(receiver, kind)),
  };
}
