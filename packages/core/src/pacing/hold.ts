import type { RateLimitCause } from "../domain/message.ts";
import type { ReturnTimes } from "./return-times.ts";

/** What keeps a submission from going on, and until when by all that is known. Times are milliseconds since 1970. */
export interface Hold {
  readonly until: number;
  readonly cause: RateLimitCause;
  readonly reason: string;
  /** When somebody who is sent away should come back. */
  readonly returnAt: ReturnTimes;
}

/** The one that lasts longest; an outage before everything else, since nobody waits for that. */
export function longest(holds: readonly Hold[]): Hold | undefined {
  const outage = holds.find(({ cause }) => cause === "outage");
  return (
    outage ??
    holds.reduce<Hold | undefined>((last, hold) => (last && last.until >= hold.until ? last : hold), undefined)
  );
}
