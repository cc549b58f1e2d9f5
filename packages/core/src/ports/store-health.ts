import type { R, Unavailable } from "./result.ts";

/** Tells whether a store takes what is to be written down. */
export interface StoreHealth {
  /**
   * Proves, by a commit of its own, that the store takes commits now. A store that could be read and takes no commit is
   * `Unavailable`. Changes nothing that another port shows. Costs a commit each time: how often is the caller's to bound.
   */
  check(): R<void, Unavailable>;
}
