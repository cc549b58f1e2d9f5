import { kindOf, type MessageKind } from "../domain/message-kind.ts";
import type { Message } from "../domain/message.ts";
import type { CountQuery, MessageCounts, MessagePosition } from "../ports/store/message-store.ts";

/** Counts messages, each with its position. They are in the order of their numbers, which is the order of their acceptance. */
export function countMessages(
  messages: Iterable<{ readonly message: Message; readonly position: MessagePosition }>,
  { tenantId, since, until, after, limit }: CountQuery,
): MessageCounts {
  const counts = new Map<string, MessageKind & { count: number }>();
  let last: MessagePosition | undefined;
  let counted = 0;
  for (const { message, position } of messages) {
    if (after && position.number <= after.number) continue;
    const { acceptedAt, request } = message;
    if (acceptedAt < since || acceptedAt >= until) continue;
    if (tenantId !== undefined && request.outlet.tenantId !== tenantId) continue;
    if (counted === limit) return { counts: [...counts.values()], ...(last && { next: last }) };
    const kind = kindOf(message);
    const name = JSON.stringify(kind);
    const known = counts.get(name);
    if (known) known.count += 1;
    else counts.set(name, { ...kind, count: 1 });
    counted += 1;
    last = position;
  }
  return { counts: [...counts.values()] };
}
