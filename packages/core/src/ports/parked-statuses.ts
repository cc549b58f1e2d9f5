import type { StatusUpdate } from "../domain/status-update.ts";
import type { R, Unavailable } from "./result.ts";

/** Keeps status updates that came before it was known whose they are, up to a capacity of its own. */
export interface ParkedStatuses {
  /**
   * Keeps updates, whole. What is kept already is kept once. Beyond the capacity the oldest go, and the answer says how
   * many those were. A large store may count a little late, by a hundredth of its capacity.
   */
  park(updates: readonly StatusUpdate[]): R<Parked, Unavailable>;
  /**
   * Up to `limit` kept updates whose `wamid` a message has by now. They stay until they are dropped, so that nothing is
   * lost between the two.
   */
  matched(limit: number): R<readonly StatusUpdate[], Unavailable>;
  /** Keeps updates no longer. Dropping one that is not there changes nothing. */
  drop(updates: readonly StatusUpdate[]): R<void, Unavailable>;
}

export interface Parked {
  /** How many of the oldest were dropped to make room. */
  readonly forgotten: number;
}
