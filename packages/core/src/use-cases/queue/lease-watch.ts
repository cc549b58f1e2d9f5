import type { Clock } from "../../ports/clock.ts";
import type { ProcessLease } from "../../ports/store/process-lease.ts";

/** Notices when the lease of this process was over, even if it is valid again by then: a paused process may renew it as it wakes. */
export interface LeaseWatch {
  /** The lease as it is now; undefined if it is over. A later lease is another one. */
  current(): number | undefined;
}

export function createLeaseWatch(lease: ProcessLease, clock: Clock): LeaseWatch {
  let number = 0;
  let validUntilMs = -Infinity;

  return {
    current() {
      const nowMs = clock.monotonicMs();
      const validForMs = lease.validForMs();
      if (nowMs >= validUntilMs) number += 1;
      validUntilMs = validForMs > 0 ? nowMs + validForMs : -Infinity;
      return validForMs > 0 ? number : undefined;
    },
  };
}
