import type { Sabotage } from "../../src/contracts/sabotage.ts";
import type { StoreSubject } from "../../src/contracts/store/subject.ts";
import type { MessageChange } from "../../src/ports/store/message-store.ts";
import type { EnteredClaimed } from "../../src/ports/store/outbox.ts";
import { breaking } from "../in-memory-store.ts";
import { claiming } from "./outbox-topics.ts";

/** Changes what a commit says of the entries that entered claimed. */
const spoiling = (
  spoil: (claimed: readonly EnteredClaimed[], change: MessageChange) => readonly EnteredClaimed[],
): Sabotage<StoreSubject> =>
  breaking("messages", (messages) => ({
    commit: (change) =>
      messages.commit(change).map(({ claimed: told = [], ...committed }) => {
        const claimed = spoil(told, change);
        return { ...committed, ...(claimed.length > 0 && { claimed }) };
      }),
  }));

const hourMs = 3_600_000;

export const outboxLeaseSabotages: Record<string, Sabotage<StoreSubject> | readonly Sabotage<StoreSubject>[]> = {
  "An entry that is added with `leaseMs` enters claimed, as if `claim` had returned it": [
    spoiling((claimed) =>
      claimed.map((each) => ({ ...each, enqueuedAt: new Date(each.enqueuedAt.getTime() + hourMs) })),
    ),
    breaking("messages", (messages) => ({
      accept: (message, outbox) =>
        messages.accept(
          message,
          outbox?.map(({ leaseMs: _, ...added }) => added),
        ),
    })),
  ],
  "The commit that adds it returns it as `claimed`": spoiling((claimed) =>
    claimed.filter((each) => each.topic !== "history" || each.entry.conversationId !== "conversation-2"),
  ),
  "If an earlier one of its conversation or message is left, it waits for a claim like any other": spoiling(
    (claimed, { outbox = [] }) =>
      claimed.length > 0
        ? claimed
        : outbox.flatMap((added) =>
            added.topic === "history" && added.leaseMs !== undefined
              ? [{ topic: added.topic, entry: added.entry, id: "made up", enqueuedAt: new Date(), earlierClaims: 0 }]
              : [],
          ),
  ),
  "A claim with which it entered counts": (subject) => {
    const entered = new Set<string>();
    const noting = spoiling((claimed) => {
      for (const { id } of claimed) entered.add(id);
      return claimed;
    })(subject);
    return {
      ...noting,
      outbox: {
        ...subject.outbox,
        ...claiming(subject.outbox, (options) =>
          subject.outbox
            .claim("history", options)
            .map((claimed) => claimed.map((each) => (entered.has(each.id) ? { ...each, earlierClaims: 0 } : each))),
        ),
      },
    };
  },
};
