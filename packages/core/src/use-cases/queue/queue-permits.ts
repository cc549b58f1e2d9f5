import { errAsync, type ResultAsync } from "neverthrow";

import type { Identifier } from "../../content/identifiers.ts";
import { type Clock, toMonotonicMs } from "../../ports/clock.ts";
import type { RateLimited } from "../../ports/pacer.ts";
import type { WithPermit } from "../attempt/with-permit.ts";
import type { HeldLines } from "./held-lines.ts";
import type { LeaseWatch } from "./lease-watch.ts";

interface QueuePermitsParts {
  readonly clock: Clock;
  readonly withPermit: WithPermit;
  readonly lines: HeldLines;
  readonly watch: LeaseWatch;
}

/**
 * Permits for messages of the queue. An attempt begins only under the lease under which its permit was asked for. Tells the lines who
 * has a permit, and whose number is held back.
 */
export function createQueuePermits({ clock, withPermit, lines, watch }: QueuePermitsParts): WithPermit {
  return async (wanted, attempt) => {
    const { rateKey, ifClosing } = wanted;
    const line = lines.find({ tenantId: rateKey.tenantId, outletId: rateKey.outletId ?? ("" as Identifier) });
    const lease = watch.current();
    const tried = await withPermit(wanted, (reportOutcome, waitedMs): ReturnType<typeof attempt> => {
      if (lease === undefined || watch.current() !== lease) return errAsync(ifClosing) as never;
      if (line) lines.permitted(line, 1);
      const attempted = attempt(reportOutcome, waitedMs);
      if (line) {
        const end = (): void => lines.permitted(line, -1);
        attempted.then(end, end);
      }
      return attempted;
    });
    if (line && tried.isErr() && isHeldBack(tried.error))
      lines.holdBack(line, toMonotonicMs(clock, tried.error.retryAt));
    return tried;
  };
}

/** Whether a limit holds all of the number's messages back. */
function isHeldBack(error: unknown): error is RateLimited {
  return (
    typeof error === "object" &&
    error !== null &&
    "kind" in error &&
    error.kind === "RateLimited" &&
    (error as RateLimited).only === undefined
  );
}
