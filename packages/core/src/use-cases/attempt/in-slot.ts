import type { ResultAsync } from "neverthrow";

import type { NotSent } from "../../domain/outcome.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Permit } from "../../ports/pacer.ts";

interface InSlotParts {
  readonly clock: Clock;
  readonly shutdown: ShutdownSignal;
  readonly attemptTimeoutMs: number;
}

/** A request that asks `mayBegin` right before its first byte, and is `NotSent` where the answer is false. */
type SlotRequest<T> = (timeoutMs: number, mayBegin: () => boolean) => ResultAsync<T, never>;

/**
 * Makes a request in a slot of its number. The slot is checked before the request, and once more right before its first byte: it may have
 * waited for a connection, or the process may have been suspended. `heldBack` says why the request must not begin at all, if there is a
 * reason. Undefined if the sender was shut down before an answer arrived.
 */
export type InSlot = <T extends { readonly kind: string }>(
  request: SlotRequest<T>,
  permit: Permit,
  heldBack?: () => string | undefined,
) => Promise<T | NotSent | undefined>;

export function createInSlot({ clock, shutdown, attemptTimeoutMs }: InSlotParts): InSlot {
  return async (request, permit, heldBack = () => undefined) => {
    const startedMs = clock.monotonicMs();
    let slot = permit.awaitSlot();
    for (let leftMs = attemptTimeoutMs; leftMs > 0; leftMs = attemptTimeoutMs - (clock.monotonicMs() - startedMs)) {
      const noSlot = slot && (await slot);
      const reason = noSlot?.reason ?? heldBack();
      if (reason !== undefined) return withheld(reason);
      slot = undefined;
      let isHeldBack = false;
      const mayBegin = (): boolean => {
        isHeldBack = heldBack() !== undefined;
        if (!isHeldBack) slot = permit.awaitSlot();
        isHeldBack ||= slot !== undefined;
        return !isHeldBack;
      };
      const answer = await shutdown.orAborted(request(leftMs, mayBegin));
      if (!answer?.isOk()) return undefined;
      if (!isHeldBack || answer.value.kind !== "NotSent") return answer.value;
    }
    return withheld(heldBack() ?? noConnection);
  };
}

const noConnection = "its connections were ready too late for their slots in the number's rate";

function withheld(cause: string): NotSent {
  return { kind: "NotSent", final: false, withheld: true, cause };
}
