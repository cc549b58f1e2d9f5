import type { OutletRef } from "@message-sender/core";
import { explainSlowdown } from "@message-sender/core/adapter";

import type { NumberLine } from "./numbers.ts";

/** What WhatsApp, or a limit, does to the number of an outlet, for people. Undefined if nothing does, or if it is a pause of ours. */
export function slowdownOfOutlet(
  { tenantId, outletId }: OutletRef,
  numbers: readonly NumberLine[],
): string | undefined {
  const hold = numbers.find(({ outlets }) =>
    outlets.some((outlet) => outlet.tenantId === tenantId && outlet.outletId === outletId),
  )?.hold;
  if (!hold || hold.kind === "stopped") return undefined;
  const { kind: condition, ...facts } = hold;
  return explainSlowdown({ condition, ...facts });
}
