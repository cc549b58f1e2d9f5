import type { Identifier } from "../content/identifiers.ts";
import type { Message } from "./message.ts";
import { type MessageStatus, statusOf } from "./status.ts";

/** Which messages to list. A message is listed if it matches every field that is present. */
export interface MessageFilter {
  /** Messages of one of these tenants. Absent: of every tenant. */
  readonly tenantIds?: readonly Identifier[];
  readonly outletId?: Identifier;
  readonly conversationId?: Identifier;
  readonly status?: MessageStatus;
  /** The recipient, as the request named it. */
  readonly to?: string;
  /** The caller's own id. Several messages may have the same one. */
  readonly reference?: string;
  /** Accepted at this time or later. */
  readonly since?: Date;
  /** Accepted before this time. */
  readonly until?: Date;
}

/** Whether a message matches the filter. */
export function matchesFilter(message: Message, filter: MessageFilter): boolean {
  const { outlet, conversationId, to, reference } = message.request;
  return (
    (filter.tenantIds === undefined || filter.tenantIds.includes(outlet.tenantId)) &&
    (filter.outletId === undefined || filter.outletId === outlet.outletId) &&
    (filter.conversationId === undefined || filter.conversationId === conversationId) &&
    (filter.to === undefined || filter.to === to) &&
    (filter.reference === undefined || filter.reference === reference) &&
    (filter.since === undefined || message.acceptedAt >= filter.since) &&
    (filter.until === undefined || message.acceptedAt < filter.until) &&
    (filter.status === undefined || filter.status === statusOf(message))
  );
}

const needsAttentionByStatus: Readonly<Record<MessageStatus, boolean>> = {
  queued: false,
  sending: false,
  sent: false,
  delivered: false,
  read: false,
  failed: true,
  expired: true,
  canceled: true,
  unknown: true,
};

/**
 * Whether a message of this status was not sent, or perhaps not. Few messages have such a status, and once they have it, it
 * rarely changes. A store keeps an index of these messages alone.
 */
export function needsAttention(status: MessageStatus): boolean {
  return needsAttentionByStatus[status];
}

/** Every status. */
export const messageStatuses: readonly MessageStatus[] = Object.keys(needsAttentionByStatus) as MessageStatus[];
