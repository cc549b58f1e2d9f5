import type { RateLimitCause } from "../domain/message.ts";
import type { WaitReason } from "../ports/telemetry.ts";
import type { RetrySpread } from "./retry-spread.ts";

/** Why a submission has to wait, and an estimate of until when. Times are steady times in milliseconds. */
export interface Hold {
  readonly until: number;
  readonly cause: RateLimitCause;
  /** What the submission waits for. */
  readonly waitsFor: WaitReason;
  readonly reason: string;
  /** Gives each refused submission its own retry time, so that they do not all come back at once. */
  readonly spread: RetrySpread;
}

/** The hold that lasts longest. An outage comes before all others, since nobody waits for its end. */
export function longest(holds: readonly Hold[]): Hold | undefined {
  const outage = holds.find(({ cause }) => cause === "outage");
  return (
    outage ??
    holds.reduce<Hold | undefined>((last, hold) => (last && last.until >= hold.until ? last : hold), undefined)
  );
}
