import { needsAttention } from "../domain/message-filter.ts";
import type { MessagePosition, MessageQuery } from "../ports/store/message-store.ts";

/** The index that a list reads. A filter that is not part of its key is checked row by row. */
export type ListPath = "age" | "attention" | "tenant" | "conversation" | "recipient" | "reference";

/** The index of the most selective filter that has one. */
export function listPathOf({ tenantIds, reference, conversationId, to, status }: MessageQuery): ListPath {
  if (reference !== undefined) return "reference";
  if (conversationId !== undefined) return "conversation";
  if (to !== undefined) return "recipient";
  if (status !== undefined && needsAttention(status)) return "attention";
  return tenantIds ? "tenant" : "age";
}

/** The older of both limits, behind which a list begins. Every number is above 0. */
export function firstPosition(
  after: MessagePosition | undefined,
  until: Date | undefined,
): MessagePosition | undefined {
  const end = until && { acceptedAt: until, number: 0 };
  return after && (!end || after.acceptedAt < end.acceptedAt) ? after : end;
}
