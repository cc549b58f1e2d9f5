import { errAsync, okAsync, type ResultAsync } from "neverthrow";

import { decodeCursor, encodeCursor, type Place } from "../../codecs/cursor.ts";
import type { Message } from "../../domain/message.ts";
import { matchesFilter, type MessageFilter } from "../../domain/message-filter.ts";
import type { MessageLookup, MessagePosition, MessageStore } from "../../ports/store/message-store.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import { type InvalidQuery, notItsCursor } from "./check-query.ts";
import { defaultPage } from "./page-size.ts";
import { type ListMessagesQuery, problemsOfList, tenantIdsOf } from "./list-query.ts";

/** One page of messages, the newest first. */
export interface MessageList {
  readonly messages: readonly Message[];
  /** Where the next page begins. Absent on the last page. A page may be short, or even empty, and have one. */
  readonly nextCursor?: string;
}

export type ListMessages = (query: ListMessagesQuery) => ResultAsync<MessageList, InvalidQuery | Unavailable>;

export function createListMessages({ messages }: { readonly messages: MessageStore }): ListMessages {
  /** The only message that can have these ids: each of them names it. */
  function findOne(lookups: readonly MessageLookup[], filter: MessageFilter): ResultAsync<MessageList, Unavailable> {
    const [first, second = first] = lookups;
    if (!first || !second) return okAsync({ messages: [] });
    return messages.find(first).andThen((one) =>
      (first === second ? okAsync(one) : messages.find(second)).map((other) => ({
        messages: one && other?.id === one.id && matchesFilter(one, filter) ? [one] : [],
      })),
    );
  }

  return (query) => {
    const problems = problemsOfList(query);
    if (problems.length > 0) return errAsync({ kind: "InvalidQuery", problems });
    const filter = filterOf(query);
    const list = nameOf(filter);
    const lookups = lookupsOf(query);
    const { cursor, limit = defaultPage } = query;
    const after = cursor === undefined || lookups.length > 0 ? undefined : positionAt(decodeCursor(list, cursor));
    if (cursor !== undefined && !after) return errAsync(notItsCursor);
    if (lookups.length > 0) return findOne(lookups, filter);
    return messages.list({ ...filter, limit, ...(after && { after }) }).map(({ messages: page, next }) => ({
      messages: page,
      ...(next && { nextCursor: encodeCursor(list, placeOf(next)) }),
    }));
  };
}

function placeOf({ acceptedAt, number }: MessagePosition): Place {
  return { at: acceptedAt, key: number.toString(36) };
}

/** Undefined if no store has such a position: a cursor may be made up. */
function positionAt(place: Place | undefined): MessagePosition | undefined {
  if (!place) return undefined;
  const number = Number.parseInt(place.key, 36);
  return Number.isSafeInteger(number) ? { acceptedAt: place.at, number } : undefined;
}

function filterOf(query: ListMessagesQuery): MessageFilter {
  const { outletId, conversationId, status, to, reference, since, until } = query;
  const tenantIds = tenantIdsOf(query);
  return {
    ...(tenantIds && { tenantIds }),
    ...(outletId !== undefined && { outletId }),
    ...(conversationId !== undefined && { conversationId }),
    ...(status !== undefined && { status }),
    ...(to !== undefined && { to }),
    ...(reference !== undefined && { reference }),
    ...(since && { since }),
    ...(until && { until }),
  };
}

/** The same text for the same filters only. `filterOf` has them in a fixed order. */
function nameOf(filter: MessageFilter): string {
  return JSON.stringify(filter);
}

function lookupsOf(query: ListMessagesQuery): readonly MessageLookup[] {
  const { whatsappMessageId: wamid, idempotencyKey: key } = query;
  const [tenantId = ""] = tenantIdsOf(query) ?? [];
  return [...(wamid === undefined ? [] : [{ wamid }]), ...(key === undefined ? [] : [{ tenantId, key }])];
}
