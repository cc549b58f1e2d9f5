import type { ResultAsync } from "neverthrow";

import type { Topic } from "./outbox.ts";
import type { Unavailable } from "../unavailable.ts";

/** What waits in a store, for people and for metrics. */
export interface Backlog {
  /**
   * Counts the messages in the queue, and says for how long the first of those that are due has been due. Counts for each topic
   * the outbox entries that wait and those that are dead, and says how long ago the oldest that waits entered. Counts the status
   * updates that are parked and the quota blocks that are open. Counts no further than `limit`, and so reads few rows however
   * much waits; an age is then that of the oldest that was counted. Changes nothing.
   */
  measure(limit: number): ResultAsync<BacklogMeasure, Unavailable>;
}

/** How much waits. No count exceeds the limit. */
export interface BacklogMeasure {
  /** Messages in the queue: due now, held back, or between two attempts. */
  readonly queued: number;
  readonly due: Waiting;
  readonly outbox: Readonly<Record<Topic, OutboxBacklog>>;
  readonly parkedStatuses: number;
  readonly openQuotaBlocks: number;
}

/** How many wait, and for how long. */
interface Waiting {
  readonly count: number;
  /** For how long the oldest has waited; 0 where none does. */
  readonly oldestMs: number;
}

/** What one topic of the outbox has. */
interface OutboxBacklog {
  readonly waiting: Waiting;
  readonly dead: number;
}
