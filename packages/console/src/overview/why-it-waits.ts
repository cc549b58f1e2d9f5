import type { QueuedOutlet } from "@message-sender/core";

import { slowdownOfOutlet } from "../service/slowdown-of-outlet.ts";
import type { NumberLine } from "../service/numbers.ts";

/** The queue's own reason knows the slowdowns of one process. Another process may know what holds the number. */
export function whyItWaits(line: QueuedOutlet, numbers: readonly NumberLine[]): string {
  if (line.isPaused || line.due === 0) return line.reason;
  return slowdownOfOutlet(line, numbers) ?? line.reason;
}
