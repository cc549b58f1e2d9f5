import type { ResultAsync } from "neverthrow";

import type { Identifier, OutletRef } from "../../content/identifiers.ts";
import type { Message } from "../../domain/message.ts";
import type { Unavailable } from "../unavailable.ts";

/** An outlet that has queued messages. */
export type LineRef = OutletRef;

/**
 * The messages that wait to be sent, by lines. A process claims the lines on which something is due, holds them as long as it finds
 * work there, and releases them. The commit that accepts or changes a message also keeps its line.
 *
 * Not promised: that only the holder of a line begins attempts of its messages. A process may not know yet that its lease is over
 * (`ProcessLease`), so the commit of an intent decides who makes an attempt.
 */
export interface MessageQueue {
  /**
   * Claims up to `limit` lines that are due and that no process holds; from then on this process holds them. A line is due once
   * one of its messages is (`queueDueAt`), on time however the wall clock is set after the message is written. Concurrent claims
   * get different lines. A line may be among them on which nothing is due any more. Tenants take turns: none gets a second line before each other with a line that is due has one. Of one
   * tenant, the line that has been due longest comes first. The lines of a process whose lease is over are free, for that process
   * too. A process holds no more than its share: the lines that are held or due, divided by the processes that work on the queue,
   * rounded up. The lines of a claim whose answer was lost are free again.
   */
  claim(limit: number): ResultAsync<readonly LineRef[], Unavailable>;
  /**
   * The messages of each line that are due, up to `each` of a line, in the order of `orderAt`; those of one millisecond in the
   * order in which they were accepted. None behind an earlier unfinished message to its recipient on its line that is due itself
   * or delays it (`delaysUntil`): for 10 s at most. None of a line that this process does not hold.
   */
  heads(lines: readonly LineRef[], each: number): ResultAsync<readonly Message[], Unavailable>;
  /**
   * Releases those of the lines that this process holds. A released line is due when the first of its messages is, and is gone if
   * none will be. A message that is accepted or changed meanwhile is not overlooked: its line is due in time. A line of another
   * process stays with it.
   */
  release(lines: readonly LineRef[]): ResultAsync<void, Unavailable>;
  /** How many messages of a tenant are queued and unfinished. Counts no further than `upTo`, and so reads few rows however many wait. */
  depth(tenantId: Identifier, upTo: number): ResultAsync<number, Unavailable>;
  /**
   * Describes up to `limit` lines that have unfinished messages, of one tenant or of all, the one that has been due longest first,
   * then those that will be due. Changes nothing.
   */
  state(query: QueueStateQuery): ResultAsync<readonly LineState[], Unavailable>;
}

/** Which lines to describe. */
export interface QueueStateQuery {
  /** Absent: the lines of every tenant. */
  readonly tenantId?: Identifier;
  /** How many lines at most. */
  readonly limit: number;
  /** How many messages of a line are counted at most. */
  readonly upTo: number;
}

/** What waits on a line. */
export interface LineState extends LineRef {
  /** Its queued, unfinished messages: due, in flight, or waiting for a later time. No more than `upTo`. */
  readonly open: number;
  /** Those that are due. No more than `upTo`. */
  readonly due: number;
  /** For how many milliseconds the first of them has been due; 0 if none is. */
  readonly dueForMs: number;
  /** When the first of its messages is due, by the wall clock; absent if all are in flight. */
  readonly nextDueAt?: Date;
  /** Whether a process holds the line. */
  readonly isHeld: boolean;
}
