import type { ObservablePacer, Pacer } from "@message-sender/core/adapter";

import { createServiceGauges } from "../metrics/service-gauges.ts";
import { version } from "../version.ts";
import type { CompositionOptions } from "./composition-options.ts";
import { type Get, tokens } from "./tokens.ts";

/** Adds gauges of the service's parts to its metrics. */
export function addGauges(get: Get, { metricsPart, ports, storeKind }: CompositionOptions): void {
  if (!metricsPart) return;
  const pacer: Pacer & Partial<Pick<ObservablePacer, "load">> = ports?.pacer ?? get(tokens.pacer);
  createServiceGauges(metricsPart, {
    sender: get(tokens.sender),
    backlog: ports?.backlog ?? get(tokens.store).backlog,
    ...(pacer.load && { load: pacer.load }),
    build: { version, store: storeKind },
  });
}
