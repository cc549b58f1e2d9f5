import type { Clock } from "../../ports/clock.ts";
import type { QuotaCounters } from "../../ports/store/quota-counters.ts";
import type { Store } from "../../ports/store/store.ts";
import type { Subject } from "../contract.ts";

/** Another process that has the store open. */
export interface AnotherProcess extends Pick<Store, "queue" | "lease"> {
  /** Returns once its lease is over for the others, because it sends no heartbeat: it is paused, or has ended. */
  lapse(): Promise<void>;
  /** Lets it send heartbeats again, and returns once one was answered. */
  wake(): Promise<void>;
  /** Returns once each process, the first one too, has sent a heartbeat that was answered. */
  beat(): Promise<void>;
}

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
  /** Opens the store as one more process, if several can have it open. */
  anotherProcess?(): Promise<AnotherProcess>;
  /** How many status updates of unknown messages it keeps: at least 25, and few enough for a quick test. */
  readonly parkedStatusCapacity: number;
}
