import type { QueuedOutlet } from "@message-sender/core";
import { explainSlowdown } from "@message-sender/core/adapter";

import type { NumberLine } from "../service/numbers.ts";

/** The queue's own reason knows the slowdowns of one process. Another process may know what holds the number. */
export function whyItWaits(line: QueuedOutlet, numbers: readonly NumberLine[]): string {
  const hold = numbers.find(({ outlets }) =>
    outlets.some(({ tenantId, outletId }) => tenantId === line.tenantId && outletId === line.outletId),
  )?.hold;
  if (line.isPaused || line.due === 0 || !hold || hold.kind === "stopped") return line.reason;
  const { kind: condition, ...facts } = hold;
  return explainSlowdown({ condition, ...facts });
}
