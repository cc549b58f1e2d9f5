import type { ResultAsync } from "neverthrow";

import type { Unavailable } from "../unavailable.ts";

/** Whether a store takes commits. */
export interface StoreHealth {
  /**
   * Proves by a commit of its own that the store takes commits now. A store that can be read but takes no commit is
   * `Unavailable`. Changes nothing that another port shows. Each call costs a commit: the caller limits how often.
   */
  check(): ResultAsync<void, Unavailable>;
}
