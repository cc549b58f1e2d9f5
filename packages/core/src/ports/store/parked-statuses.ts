import type { ResultAsync } from "neverthrow";

import type { StatusUpdate } from "../../domain/status-update.ts";
import type { Unavailable } from "../unavailable.ts";

/** Keeps status updates whose message is not known yet, up to a capacity of its own. */
export interface ParkedStatuses {
  /**
   * Keeps updates unchanged. An update that is kept already is kept once. Beyond the capacity the oldest are dropped, and the
   * answer says how many. A large store may count a little late, by a hundredth of its capacity.
   */
  park(updates: readonly StatusUpdate[]): ResultAsync<Parked, Unavailable>;
  /**
   * Up to `limit` kept updates whose `wamid` belongs to a message by now. They stay until they are dropped, so that nothing is
   * lost between the two.
   */
  matched(limit: number): ResultAsync<readonly StatusUpdate[], Unavailable>;
  /** Drops updates. Dropping one that is not there changes nothing. */
  drop(updates: readonly StatusUpdate[]): ResultAsync<void, Unavailable>;
}

/** The result of parking. */
export interface Parked {
  /** How many of the oldest were dropped to make room. */
  readonly forgotten: number;
}
