import type { ResultAsync } from "neverthrow";

import type { Pause } from "../../domain/pause.ts";
import type { Unavailable } from "../unavailable.ts";

/** Keeps what is paused, for every process that has the store open. */
export interface Pauses {
  /** Adds a pause, to the last code point and millisecond. It replaces the one of the same id. */
  add(pause: Pause): ResultAsync<void, Unavailable>;
  /** Lists every pause, in the order of their ids. One that has ended by itself is listed until it is removed. */
  list(): ResultAsync<readonly Pause[], Unavailable>;
  /** Finds the pause of this id. One that has ended by itself is found until it is removed. */
  find(id: string): ResultAsync<Pause | undefined, Unavailable>;
  /** Removes the pause of this id and returns whether there was one. */
  remove(id: string): ResultAsync<boolean, Unavailable>;
  /** Removes the pauses whose `until` is not later than `at`. */
  removeEnded(at: Date): ResultAsync<void, Unavailable>;
}
