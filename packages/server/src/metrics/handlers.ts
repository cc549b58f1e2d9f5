import type { TelemetryEvent } from "@message-sender/core/adapter";

/** What to do with the events of these kinds. */
export type Handlers<Kinds extends TelemetryEvent["kind"] = TelemetryEvent["kind"]> = {
  readonly [Kind in Kinds]: (event: Extract<TelemetryEvent, { readonly kind: Kind }>) => void;
};
