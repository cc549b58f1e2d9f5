import type { Identifier, MessageId, OutletRef } from "../content/identifiers.ts";
import type { Failure } from "./failure.ts";
import type { Message } from "./message.ts";
import { isPossibleDuplicate, type MessageStatus, statusOf } from "./status.ts";
import { acceptedAttempt, deliveryTimesOf, failedAtOf, visibleFailureOf } from "./visible-facts.ts";

/** One visible change of a message: what a caller sees of it from then on. Holds nothing of its content. */
export interface StatusEvent {
  readonly messageId: MessageId;
  /** Counts the visible changes of the message, from 1 and without a gap. The highest one is the current state. */
  readonly version: number;
  /** When the change was recorded. */
  readonly at: Date;
  readonly outlet: OutletRef;
  readonly conversationId: Identifier;
  readonly to: string;
  /** The caller's own id for the message. */
  readonly reference?: string;
  readonly status: MessageStatus;
  readonly whatsappMessageId?: string;
  /** Why it failed, for a message that failed or whose outcome is unknown. */
  readonly failure?: Pick<Failure, "code" | "details" | "advice">;
  /** More than one copy may have reached the recipient. */
  readonly possibleDuplicate?: true;
  readonly queuedAt: Date;
  readonly sentAt?: Date;
  readonly deliveredAt?: Date;
  readonly readAt?: Date;
  readonly failedAt?: Date;
  /** The W3C trace context of the caller's request. */
  readonly traceparent?: string;
}

/** The same for each delivery of an event, and for no other event: `<message id>:<version>`. */
export function eventIdOf({ messageId, version }: Pick<StatusEvent, "messageId" | "version">): string {
  return `${messageId}:${version}`;
}

/**
 * The events of a change, one for each version. Without `before` the message is new: one that is stored together with its first
 * attempt has two versions, `queued` and `sending`.
 */
export function statusEventsOf(before: Message | undefined, after: Message, at: Date): readonly StatusEvent[] {
  if (before) return after.version > before.version ? [statusEvent(after, at)] : [];
  const first = after.version > 1 ? [statusEvent({ ...after, attempts: [], version: 1 }, at)] : [];
  return [...first, statusEvent(after, at)];
}

function statusEvent(message: Message, at: Date): StatusEvent {
  const { outlet, conversationId, to, reference, traceparent } = message.request;
  const wamid = acceptedAttempt(message)?.wamid;
  const failure = visibleFailureOf(message);
  const failedAt = failedAtOf(message);
  return {
    messageId: message.id,
    version: message.version,
    at,
    outlet,
    conversationId,
    to,
    ...(reference !== undefined && { reference }),
    status: statusOf(message),
    ...(wamid !== undefined && { whatsappMessageId: wamid }),
    ...(failure && { failure: shownFailure(failure) }),
    ...(isPossibleDuplicate(message) && { possibleDuplicate: true }),
    queuedAt: message.acceptedAt,
    ...(message.sentAt && { sentAt: message.sentAt }),
    ...deliveryTimesOf(message),
    ...(failedAt && { failedAt }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

function shownFailure({ code, details, advice }: Failure): NonNullable<StatusEvent["failure"]> {
  return { ...(code !== undefined && { code }), details, ...(advice !== undefined && { advice }) };
}
