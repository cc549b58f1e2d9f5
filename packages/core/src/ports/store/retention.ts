import type { ResultAsync } from "neverthrow";

import type { Message } from "../../domain/message.ts";
import type { Unavailable } from "../unavailable.ts";

/** Deletes what has been kept long enough. */
export interface Retention {
  /**
   * Forgets what is older than each of these, at most `limit` of a kind, and returns how many those were: while it is not 0,
   * there may be more. A key is free once its message was accepted before `keys` and is finished. A message that was accepted
   * before `messages` and is finished is gone, with its key and its ids, unless the outbox still holds a history entry of it,
   * dead ones included, or it holds a unit of a block that is open. Parked statuses and kept webhooks are forgotten by when they
   * came. Status events and webhooks are forgotten by when they entered the outbox, dead or waiting; they keep no message. What is
   * known about deliveries is forgotten by when they were made. A recipient of whom nothing was noted since `recipients` is forgotten,
   * unless they stopped marketing.
   */
  forget(before: RetentionLimits, limit: number): ResultAsync<number, Unavailable>;
  /**
   * Up to `limit` messages that were accepted before `before` and are finished, and that still have their recipient, the earliest
   * first: those that `forget` kept.
   */
  kept(before: Date, limit: number): ResultAsync<readonly Message[], Unavailable>;
}

/** The time before which each kind is forgotten. */
export interface RetentionLimits {
  readonly keys: Date;
  readonly messages: Date;
  readonly parkedStatuses: Date;
  readonly webhooks: Date;
  readonly recipients: Date;
  readonly outboxEntries: Date;
}
