import type { Sabotage } from "../../src/contracts/sabotage.ts";
import type { StoreSubject } from "../../src/contracts/store/subject.ts";
import type { CountQuery, MessageCounts, MessageStore } from "../../src/ports/store/message-store.ts";
import { breaking } from "../in-memory-store.ts";

const broken = (change: (messages: MessageStore) => Partial<MessageStore>) => breaking("messages", change);

/** Counts something else. */
const brokenQuery = (spoil: (query: CountQuery) => CountQuery) =>
  broken((messages) => ({ count: (query) => messages.count(spoil(query)) }));

/** Answers something else. */
const brokenCounts = (spoil: (counts: MessageCounts, query: CountQuery) => MessageCounts) =>
  broken((messages) => ({ count: (query) => messages.count(query).map((counts) => spoil(counts, query)) }));

/** Only where messages of several kinds are counted. */
const isMixed = ({ counts }: MessageCounts) => counts.length > 3;

export const countSabotages: Record<string, Sabotage<StoreSubject> | readonly Sabotage<StoreSubject>[]> = {
  "How many messages there are of each kind (`kindOf`), of one tenant or of all": [
    ...(["day", "type", "status", "pricingCategory", "billable"] as const).map((name) =>
      brokenCounts((page) => {
        if (!isMixed(page)) return page;
        return { ...page, counts: page.counts.map((count) => ({ ...count, [name]: page.counts[0]?.[name] })) };
      }),
    ),
    brokenCounts((page) => (isMixed(page) ? { ...page, counts: [...page.counts, ...page.counts.slice(0, 1)] } : page)),
    brokenQuery(({ tenantId, ...query }) =>
      tenantId === "tenant-2" ? query : { ...query, ...(tenantId && { tenantId }) },
    ),
    brokenQuery((query) =>
      query.limit === 1000 && query.tenantId === "tenant-3" ? { ...query, tenantId: "tenant-1" } : query,
    ),
  ],
  "Those are counted that were accepted at `since` or later and before `until`": [
    brokenQuery((query) => ({ ...query, since: new Date(query.since.getTime() + 1) })),
    brokenQuery((query) => ({ ...query, until: new Date(query.until.getTime() + 1) })),
  ],
  "each as it is stored at the call": (subject) => {
    const stale = new Set<string>();
    const { messages } = subject;
    return {
      ...subject,
      messages: {
        ...messages,
        commit: (change) =>
          messages.commit(change).andTee(({ message }) => void (message.attempts[0]?.reports && stale.add(message.id))),
        count: (query) =>
          messages.count(query).map((page) => ({
            ...page,
            counts: stale.size > 0 ? page.counts.map((count) => ({ ...count, status: "sent" as const })) : page.counts,
          })),
      },
    };
  },
  "A call counts up to `limit` messages": brokenQuery((query) => ({ ...query, limit: query.limit + 1 })),
  "together the calls count each message once, whatever is committed meanwhile": [
    brokenCounts(({ next, ...page }) => ({ ...page, ...(next && { next: { ...next, number: next.number - 1 } }) })),
    brokenCounts(({ next, ...page }) => ({
      ...page,
      ...(next && { next: { acceptedAt: new Date(next.acceptedAt.getTime() + 1), number: next.number + 1 } }),
    })),
    brokenCounts(({ next: _, ...page }) => page),
  ],
};
