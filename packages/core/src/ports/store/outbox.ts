import type { ResultAsync } from "neverthrow";

import type { Identifier, MessageId } from "../../content/identifiers.ts";
import type { StatusEvent } from "../../domain/status-event.ts";
import type { HistoryEntry } from "../history.ts";
import type { Unavailable } from "../unavailable.ts";
import type { ReceivedWebhook } from "../webhook-forwarding.ts";

/** What the outbox holds, by topic: the history, the receiver of forwarded webhooks, and the receivers of status events. */
export interface OutboxEntries {
  readonly history: HistoryEntry;
  readonly webhook: ReceivedWebhook;
  readonly status: StatusEvent;
}

/** The kind of an outbox entry, by its receiver. */
export type Topic = keyof OutboxEntries;

/** The topics whose entries changes of messages add. */
export type MessageTopic = "history" | "status";

/** A delivered entry that waited for so long was late: `Outbox.delivered` tells of it. */
export const lateDeliveryMs = 10_000;

/** An entry that a change of a message adds to the outbox. */
export type NewOutboxEntry = {
  [T in MessageTopic]: {
    readonly topic: T;
    readonly entry: OutboxEntries[T];
    /** Whoever adds it will deliver it at once: it enters claimed for so long (`Outbox`). */
    readonly leaseMs?: number;
  };
}[MessageTopic];

/** A new entry that entered claimed. */
export type EnteredClaimed = {
  [T in MessageTopic]: { readonly topic: T } & ClaimedEntry<OutboxEntries[T]>;
}[MessageTopic];

/**
 * Holds the entries that must still be delivered, in the store that holds the messages. Not promised: that an entry is claimed
 * only once. One whose lease ended before it was settled is claimed again, although it may have been delivered.
 *
 * An entry that is added while it waits already is there once. An entry that is added with `leaseMs` enters claimed, as if `claim`
 * had returned it. The commit that adds it returns it as `claimed`. If an earlier one of its conversation or message is left, it
 * waits for a claim like any other. A claim with which it entered counts.
 */
export interface Outbox {
  /**
   * Claims up to `limit` entries of a topic that are due, for `leaseMs`: no other claim gets them meanwhile. Concurrent claims
   * get different entries. Returns each entry unchanged, with when it entered and how often it was claimed before. An entry
   * that is not settled by the end of its lease is due again. An entry is claimed only when no earlier one of its conversation
   * is left, so at most one of each at a time. An entry that waits delays only its own conversation. Conversations of the same
   * name of two tenants are two conversations. A status event is claimed only when no earlier one of its message is left. Webhooks
   * do not wait for each other. Entries are due on time, however the wall clock is set meanwhile.
   */
  claim<T extends Topic>(
    topic: T,
    options: ClaimOptions,
  ): ResultAsync<readonly ClaimedEntry<OutboxEntries[T]>[], Unavailable>;
  /**
   * Ends the lease. A delivered entry is gone. A dead entry is never claimed again, and the next of its conversation is due. An
   * entry to retry is due at its time and not before. The claim of an `untried` one does not count. Settling an entry that is
   * gone changes nothing. A claim may be settled after its lease has ended: the last settlement counts. An entry that was not
   * delivered keeps `why`, one printable line. An unwanted entry is gone like a delivered one, but counts as no delivery.
   */
  settle(ids: readonly string[], as: OutboxSettlement, why?: string): ResultAsync<void, Unavailable>;
  /**
   * Puts the dead entries of a topic at the end of their queues, as if they had entered now; returns how many those were. With
   * `messageId`, only those of this message.
   */
  revive(topic: Topic, messageId?: MessageId): ResultAsync<number, Unavailable>;
  /**
   * History entries of a message that wait for a retry are due now, and so are those that they wait for. The claims of an entry
   * count as before. One under a lease keeps its lease.
   */
  hasten(messageId: MessageId): ResultAsync<void, Unavailable>;
  /**
   * The entries of a message that are not delivered, those of the history first, each topic by version. Says of each how often it
   * was claimed, and when it may be claimed next.
   */
  undelivered(messageId: MessageId): ResultAsync<readonly UndeliveredEntry[], Unavailable>;
  /**
   * What is known about deliveries of a message, in the order of `undelivered`: of each entry that had failed before, or was delivered
   * ten seconds after it entered or later. Says when that was, how often it had been claimed, and why it had failed. Nothing is kept
   * of the others, which are nearly all, so that their delivery costs nothing.
   */
  delivered(messageId: MessageId): ResultAsync<readonly DeliveredEntry[], Unavailable>;
  /** Lists up to `limit` dead entries of a topic, in the order in which they entered. Only those of a tenant, if one is given. */
  listDead(topic: MessageTopic, query: DeadQuery): ResultAsync<readonly UndeliveredEntry[], Unavailable>;
  /** Forgets the dead entries of a topic, which can then not be revived; returns how many it forgot. Those that wait stay. */
  discard(topic: Topic): ResultAsync<number, Unavailable>;
}

/** How many entries to claim, and for how long. */
export interface ClaimOptions {
  readonly limit: number;
  readonly leaseMs: number;
}

/** An entry under a lease. */
export interface ClaimedEntry<Entry> {
  readonly id: string;
  readonly entry: Entry;
  /** When it entered the outbox. */
  readonly enqueuedAt: Date;
  /** How often it was claimed before. */
  readonly earlierClaims: number;
}

/** Which dead entries to list. */
export interface DeadQuery {
  /** Only those of this tenant. Default: all. */
  readonly tenantId?: Identifier;
  /** How many entries at most. */
  readonly limit: number;
}

/** An entry that was not delivered yet, or was given up. */
export interface UndeliveredEntry {
  readonly topic: MessageTopic;
  readonly messageId: MessageId;
  /** The version of the message that it tells. */
  readonly version: number;
  /** When it entered the outbox, or was revived. */
  readonly enqueuedAt: Date;
  /** `leased`: it is being delivered. `waiting`: it is due, will be, or waits for an earlier one. */
  readonly state: "waiting" | "leased" | "dead";
  /** How often it was claimed. */
  readonly claims: number;
  /** When it may be claimed next. Absent if it may be claimed now, waits for an earlier one, or is dead. */
  readonly dueAt?: Date;
  /** Why it was not delivered the last time. */
  readonly why?: string;
}

/** An entry that was delivered late, or not at the first try. */
export interface DeliveredEntry extends Pick<
  UndeliveredEntry,
  "topic" | "messageId" | "version" | "enqueuedAt" | "claims" | "why"
> {
  readonly deliveredAt: Date;
}

/** How the delivery of an entry ended. */
export type OutboxSettlement =
  | "delivered"
  /** Nobody wants it any more. */
  | "unwanted"
  | "dead"
  | {
      readonly retryAt: Date;
      /** Nobody tried to deliver it. */
      readonly untried?: boolean;
    };
