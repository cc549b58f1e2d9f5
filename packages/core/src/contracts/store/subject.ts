import type { Clock } from "../../ports/clock.ts";
import type { QuotaCounters } from "../../ports/store/quota-counters.ts";
import type { Store } from "../../ports/store/store.ts";
import type { Subject } from "../contract.ts";

/** An empty store behind the ports that share its commits. */
export interface StoreSubject extends Subject, Store {
  readonly quotaCounters: QuotaCounters;
  /** The store's clock. */
  readonly clock: Clock;
  /** Lets time pass. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock forward or back; no time passes. */
  shiftWallClock(ms: number): void;
  /** Makes the store refuse commits, as on a full disk or a standby server, or accept them again. */
  refuseCommits(isRefusing: boolean): Promise<void>;
  /** How many status updates of unknown messages it keeps: at least 25, and few enough for a quick test. */
  readonly parkedStatusCapacity: number;
}
