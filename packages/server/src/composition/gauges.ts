import { createServiceGauges } from "../metrics/service-gauges.ts";
import { version } from "../version.ts";
import type { CompositionOptions } from "./composition-options.ts";
import { pacerOf } from "./pacer-of.ts";
import { type Get, tokens } from "./tokens.ts";

/** Adds gauges of the service's parts to its metrics. */
export function addGauges(get: Get, options: CompositionOptions): void {
  const { metricsPart, ports, storeKind } = options;
  if (!metricsPart) return;
  const pacer = pacerOf(get, options);
  createServiceGauges(metricsPart, {
    sender: get(tokens.sender),
    backlog: ports?.backlog ?? get(tokens.store).backlog,
    ...(pacer.load && { load: pacer.load }),
    build: { version, store: storeKind },
  });
}
