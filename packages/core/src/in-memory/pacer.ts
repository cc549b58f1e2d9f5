import { createPermits } from "../permits.ts";
import type { Clock } from "../ports/clock.ts";
import type { Pacer } from "../ports/pacer.ts";

/** Bounds how many submissions are under way at a time, whatever their lane. */
export function createPermitPacer({ permits, clock }: { permits: number; clock: Clock }): Pacer {
  const shared = createPermits(permits, clock);
  return { within: (_lane, deadlineAt, attempt) => shared.within(deadlineAt, () => attempt(() => {})) };
}
