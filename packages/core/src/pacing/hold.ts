import type { HoldCause } from "../domain/message.ts";
import type { ReturnTimes } from "./return-times.ts";

/** What keeps a submission from going on, and until when by all that is known. Times are milliseconds since 1970. */
export interface Hold {
  readonly until: number;
  readonly because: HoldCause;
  readonly reason: string;
  /** Is not waited for, whatever the deadline. */
  readonly isHopeless?: boolean;
  /** When somebody who is sent away should come back. */
  readonly returnAt: ReturnTimes;
}

/** The one that lasts longest. */
export function longest(holds: readonly Hold[]): Hold | undefined {
  return holds.reduce<Hold | undefined>(
    (last, hold) => (last && !hold.isHopeless && (last.isHopeless || last.until >= hold.until) ? last : hold),
    undefined,
  );
}
