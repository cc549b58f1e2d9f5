import type { QueuedOutlet } from "@message-sender/core";

import type { NumberLine } from "../service/numbers.ts";

/** The queue knows its own reason; the pacer knows the number's. */
export function whyItWaits(line: QueuedOutlet, numbers: readonly NumberLine[]): string {
  const number = numbers.find(({ outlets }) =>
    outlets.some(({ tenantId, outletId }) => tenantId === line.tenantId && outletId === line.outletId),
  );
  const { hold } = number ?? {};
  if (line.isPaused || line.due === 0 || !hold) return line.reason;
  const rate =
    hold.kind === "throttled"
      ? ` sends ${number?.perSecond} of ${number?.fullPerSecond} messages a second`
      : " is held";
  return `Its number ${number?.phoneNumberId}${rate}: ${hold.reason}.`;
}
