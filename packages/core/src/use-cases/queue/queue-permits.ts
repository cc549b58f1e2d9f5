import { errAsync, type ResultAsync } from "neverthrow";

import type { LineRef } from "../../ports/store/message-queue.ts";
import { type Clock, toMonotonicMs } from "../../ports/clock.ts";
import type { RateLimited } from "../../ports/pacer.ts";
import type { PermitRequest, WithPermit } from "../attempt/with-permit.ts";
import type { HeldLine } from "./held-line.ts";
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
  function counted<A extends ResultAsync<unknown, unknown>>(line: HeldLine | undefined, attempt: () => A): A {
    if (!line) return attempt();
    lines.permitted(line, 1);
    const attempted = attempt();
    const end = (): void => lines.permitted(line, -1);
    attempted.then(end, end);
    return attempted;
  }

  return async <T, E, C>(wanted: PermitRequest<C>, attempt: Parameters<typeof withPermit<T, E, C>>[1]) => {
    const line = lines.find(lineOf(wanted));
    const lease = watch.current();
    const tried = await withPermit<T, E | C, C>(wanted, (...given): ResultAsync<T, E | C> => {
      if (lease === undefined || watch.current() !== lease) return errAsync(wanted.ifClosing);
      return counted(line, () => attempt(...given));
    });
    if (line && tried.isErr() && isHeldBack(tried.error))
      lines.holdBack(line, toMonotonicMs(clock, tried.error.retryAt));
    return tried;
  };
}

function lineOf({ rateKey: { tenantId, outletId = "" } }: PermitRequest<unknown>): LineRef {
  return { tenantId, outletId };
}

/** Whether a limit holds all of the number's messages back. */
function isHeldBack(error: unknown): error is RateLimited {
  const { kind, only } = error as Partial<RateLimited>;
  return kind === "RateLimited" && only === undefined;
}
