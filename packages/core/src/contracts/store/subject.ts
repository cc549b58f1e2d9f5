import type { Clock } from "../../ports/clock.ts";
import type { QuotaCounters } from "../../ports/quota-counters.ts";
import type { Store } from "../../ports/store.ts";
import type { Subject } from "../contract.ts";

/** A store behind the ports that share its commits, empty at first. */
export interface StoreSubject extends Subject, Store {
  readonly quotaCounters: QuotaCounters;
  /** The clock that the store goes by. */
  readonly clock: Clock;
  advance(ms: number): Promise<void>;
  /** Sets the wall clock forward or back while no time passes. */
  shiftWallClock(ms: number): void;
  /** Has the store refuse commits, as on a disk that is full or on a standby, or take them again. */
  refuseCommits(isRefusing: boolean): Promise<void>;
  /** How many status updates it keeps whose message is not known: at least 25, and not so many that it is a chore. */
  readonly parkedStatusCapacity: number;
}
