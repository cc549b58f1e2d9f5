import { kindOf, type MessageKind } from "../../domain/message-kind.ts";
import type { CountQuery, MessageCounts } from "../../ports/store/message-store.ts";
import type { Documents, Document } from "./documents.ts";
import { positionOf } from "./message-list.ts";

/** Counts documents, in the order of their numbers. */
export function countMessages(
  documents: Documents,
  { tenantId, since, until, after, limit }: CountQuery,
): MessageCounts {
  const counts = new Map<string, MessageKind & { count: number }>();
  let last: Document | undefined;
  let counted = 0;
  for (const document of documents.all()) {
    if (after && document.number <= after.number) continue;
    const { message } = document;
    const { acceptedAt, request } = message;
    if (acceptedAt < since || acceptedAt >= until) continue;
    if (tenantId !== undefined && request.outlet.tenantId !== tenantId) continue;
    if (counted === limit) return { counts: [...counts.values()], ...(last && { next: positionOf(last) }) };
    const kind = kindOf(message);
    const name = JSON.stringify(kind);
    const known = counts.get(name);
    if (known) known.count += 1;
    else counts.set(name, { ...kind, count: 1 });
    counted += 1;
    last = document;
  }
  return { counts: [...counts.values()] };
}
