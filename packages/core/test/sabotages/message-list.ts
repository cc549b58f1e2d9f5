import type { Message } from "../../src/domain/message.ts";
import type { MessagePage, MessageQuery, MessageStore } from "../../src/ports/store/message-store.ts";
import type { Sabotage } from "../../src/contracts/sabotage.ts";
import type { StoreSubject } from "../../src/contracts/store/subject.ts";
import { breaking } from "../in-memory-store.ts";

const broken = (change: (messages: MessageStore) => Partial<MessageStore>) => breaking("messages", change);

/** Asks for something else. */
const brokenQuery = (spoil: (query: MessageQuery) => MessageQuery) =>
  broken((messages) => ({ list: (query) => messages.list(spoil(query)) }));

/** Answers something else. */
const brokenPage = (spoil: (page: MessagePage, query: MessageQuery) => MessagePage) =>
  broken((messages) => ({ list: (query) => messages.list(query).map((page) => spoil(page, query)) }));

/** The query without a filter. */
function without(name: keyof MessageQuery): (query: MessageQuery) => MessageQuery {
  return ({ ...query }) => {
    delete query[name];
    return query;
  };
}

export const listSabotages: Record<string, Sabotage<StoreSubject> | readonly Sabotage<StoreSubject>[]> = {
  "One page of the messages that match every filter": [
    ...(["outletId", "conversationId", "to", "reference", "since", "until"] as const).map((name) =>
      brokenQuery(without(name)),
    ),
    brokenPage(({ messages, ...page }, { until }) => ({
      ...page,
      messages: messages.filter(({ acceptedAt }) => !until || acceptedAt.getTime() < until.getTime() - 1500),
    })),
    brokenPage(({ messages, ...page }, { since }) => ({
      ...page,
      messages: messages.filter(({ acceptedAt }) => !since || acceptedAt > since),
    })),
    brokenPage(({ messages, ...page }, { reference }) => ({
      ...page,
      messages: messages.filter(() => reference !== ""),
    })),
    broken((messages) => ({
      list: (query) => messages.list({ ...query, ...(query.reference === "\0" && { reference: "\\0" }) }),
    })),
  ],
  "as they are stored now": broken((messages) => {
    const first = new Map<string, Message>();
    return {
      accept(message, outbox) {
        first.set(message.id, message);
        return messages.accept(message, outbox);
      },
      list: (query) =>
        messages.list(query).map((page) => ({
          ...page,
          messages: page.messages.map((message) => first.get(message.id) ?? message),
        })),
    };
  }),
  "up to `limit` of them": brokenQuery((query) => ({ ...query, limit: query.limit === 5 ? 6 : query.limit })),
  "the newest first, by `acceptedAt`": [
    brokenPage(({ messages, ...page }, { limit }) => ({
      ...page,
      messages: limit === 10 ? messages.toReversed() : messages,
    })),
    brokenPage(({ messages, ...page }) => ({
      ...page,
      messages: messages.toSorted((one, other) => (one.id < other.id ? 1 : -1)),
    })),
  ],
  "the pages together have each message once, also if others are accepted meanwhile": [
    // Takes messages of one millisecond for one.
    brokenQuery(({ after, ...query }) => ({ ...query, ...(after && { after: { ...after, number: 0 } }) })),
    // Repeats the last message of a page.
    brokenQuery((query) => {
      const { after, limit } = query;
      return after && limit === 1 ? { ...query, after: { ...after, number: after.number + 1 } } : query;
    }),
  ],
  "Without `next` nothing is left": [
    brokenPage(({ messages, next }, { limit }) => ({ messages, ...(next && limit !== 2 && { next }) })),
    brokenPage((page, { limit }) => (limit === 4 ? { next: { acceptedAt: new Date(0), number: 0 }, ...page } : page)),
  ],
};
