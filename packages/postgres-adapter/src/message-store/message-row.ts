import { type Message, wamidsOf } from "@message-sender/core";
import {
  delaysUntil,
  isFinished,
  needsAttention,
  kindOf,
  holdsQuotaUnit,
  type MessageChange,
  type NewOutboxEntry,
  orderAt,
  queueDueAt,
  type SteadyTime,
} from "@message-sender/core/adapter";

/** The columns of a new message, besides its document. */
export function messageRow({ message, place }: Arriving) {
  const { outlet, conversationId, to, content, reference } = message.request;
  return {
    id: message.id,
    revision: message.revision,
    tenant_id: outlet.tenantId,
    idempotency_key: message.idempotencyKey?.key,
    quota_block_id: message.quotaBlockId,
    keeps_unit: holdsQuotaUnit(message),
    finished: isFinished(message),
    ...placeColumns(place),
    accepted_at: message.acceptedAt,
    outlet_id: outlet.outletId,
    conversation_id: conversationId,
    recipient: to,
    reference: reference === undefined ? undefined : referenceColumn(reference),
    type: content.type,
    ...statusColumns(message),
  };
}

/** The key that a new message takes, if it has one. */
export function keyRows({ id, idempotencyKey, request, quotaBlockId, acceptedAt }: Message) {
  if (!idempotencyKey) return [];
  const { key, fingerprint } = idempotencyKey;
  const { tenantId } = request.outlet;
  return [{ tenant_id: tenantId, key, fingerprint, message_id: id, used_at: acceptedAt, quota_block_id: quotaBlockId }];
}

function statusColumns(message: Message) {
  const { status, pricingCategory, billable } = kindOf(message);
  return { status, needs_attention: needsAttention(status), pricing_category: pricingCategory, billable };
}

/** PostgreSQL's text refuses the code point 0, and a lone surrogate, which the sender accepts in no reference. */
export function referenceColumn(reference: string): string {
  return reference.toWellFormed().replace(/[\\\0]/g, (character) => (character === "\0" ? "\\0" : "\\\\"));
}

/** A message to accept. */
export interface Arriving {
  readonly message: Message;
  readonly outbox: readonly NewOutboxEntry[];
  readonly place: QueuePlace | undefined;
}

/** A commit to run. */
export interface Changing extends MessageChange {
  readonly place: QueuePlace | undefined;
}

/** The place of an unfinished message in the queue. */
interface QueuePlace {
  readonly orderAt: Date;
  readonly delaysUntil: Date;
  /** Absent while an attempt is in flight. */
  readonly dueAt?: Date;
}

/** Call it before the batch waits, because the wall clock may be set meanwhile. */
export function placeOf(message: Message, time: SteadyTime): QueuePlace | undefined {
  if (message.mode !== "queued" || isFinished(message)) return undefined;
  const now = time.toWall(time.now());
  const steady = (at: Date): Date => new Date(time.of(at));
  const dueAt = queueDueAt(message, now);
  return {
    orderAt: steady(orderAt(message, now)),
    delaysUntil: steady(delaysUntil(message, now)),
    ...(dueAt && { dueAt: steady(dueAt) }),
  };
}

function placeColumns(place: QueuePlace | undefined) {
  if (!place) return notQueued;
  return { due_at: place.dueAt, order_at: place.orderAt, delays_until: place.delaysUntil, open: true };
}

const notQueued = { open: false };

export function wamidRows(message: Message) {
  return wamidsOf(message).map((wamid) => ({ wamid, id: message.id }));
}

/** The columns that a commit can change, besides the document, and how. A flag that is false is left out: few commits have one. */
export function changeRow({ next, place, isBystander = false, recountsUnit = false }: Changing) {
  const wamids = wamidsOf(next);
  return {
    id: next.id,
    revision: next.revision,
    has_key: next.idempotencyKey !== undefined,
    quota_block_id: next.quotaBlockId,
    keeps_unit: holdsQuotaUnit(next),
    finished: isFinished(next),
    ...placeColumns(place),
    ...statusColumns(next),
    ...(isBystander && { is_bystander: true }),
    ...(recountsUnit && { recounts_unit: true }),
    ...(wamids.length > 0 && { wamids }),
  };
}
