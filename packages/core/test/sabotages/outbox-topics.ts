import { okAsync, type ResultAsync } from "neverthrow";

import type { HistoryEntry } from "../../src/ports/history.ts";
import type { ClaimedEntry, ClaimOptions, Outbox, OutboxEntries, Topic } from "../../src/ports/store/outbox.ts";
import type { Unavailable } from "../../src/ports/unavailable.ts";
import type { Sabotage } from "../../src/contracts/sabotage.ts";
import type { StoreSubject } from "../../src/contracts/store/subject.ts";
import { breaking } from "../in-memory-store.ts";

export type Claimed = ClaimedEntry<HistoryEntry>;

/** The outbox with the history's claims changed, and nobody else's. */
export function claiming(
  outbox: Outbox,
  claim: (options: ClaimOptions) => ResultAsync<readonly Claimed[], Unavailable>,
): Pick<Outbox, "claim"> {
  return {
    claim: <T extends Topic>(topic: T, options: ClaimOptions) =>
      topic === "history"
        ? (claim(options) as ResultAsync<readonly ClaimedEntry<OutboxEntries[T]>[], Unavailable>)
        : outbox.claim(topic, options),
  };
}

/** The outbox with what everyone claims changed. */
function claimingAny(
  outbox: Outbox,
  spoil: <Entry>(claimed: readonly ClaimedEntry<Entry>[]) => readonly ClaimedEntry<Entry>[],
): Pick<Outbox, "claim"> {
  return { claim: (topic, options) => outbox.claim(topic, options).map((claimed) => spoil(claimed)) };
}

const broken = (change: (outbox: Outbox, subject: StoreSubject) => Partial<Outbox>) => breaking("outbox", change);

export const outboxTopicSabotages: Record<string, Sabotage<StoreSubject> | readonly Sabotage<StoreSubject>[]> = {
  "by topic: the history, the receiver of forwarded webhooks, and the receivers of status events": broken((outbox) => ({
    claim: (topic, options) =>
      outbox
        .claim(topic, options)
        .andThen((claimed) =>
          topic === "webhook" && claimed.length === 1
            ? outbox.claim("history", options).map((others) => [...claimed, ...(others as never)])
            : okAsync(claimed),
        ),
  })),
  "A status event is claimed only when no earlier one of its message is left": [
    broken((outbox) => {
      const swapped = new Map<string, number>([
        ["1", 2],
        ["2", 1],
      ]);
      return {
        claim: <T extends Topic>(topic: T, options: ClaimOptions) =>
          outbox.claim(topic, options).map((claimed) =>
            claimed.map((each) =>
              topic === "status" && "version" in each.entry
                ? {
                    ...each,
                    entry: { ...each.entry, version: swapped.get(String(each.entry.version)) ?? each.entry.version },
                  }
                : each,
            ),
          ),
      };
    }),
    broken((outbox) => ({
      claim: (topic, options) => outbox.claim(topic, topic === "status" ? { ...options, limit: 1 } : options),
    })),
  ],
  "Webhooks do not wait for each other": broken((outbox) => ({
    claim: (topic, options) => outbox.claim(topic, topic === "webhook" ? { ...options, limit: 1 } : options),
  })),
  "Puts the dead entries of a topic at the end of their queues": broken((outbox) => {
    const known = new Map<string, Claimed>();
    const dead = new Set<string>();
    let jumping: HistoryEntry[] = [];
    const overtake = (claimed: Claimed): Claimed => {
      const { conversationId } = claimed.entry;
      const at = jumping.findIndex((entry) => entry.conversationId === conversationId && entry !== claimed.entry);
      const [jumper] = at === -1 ? [] : jumping.splice(at, 1, claimed.entry);
      return jumper ? { ...claimed, entry: jumper } : claimed;
    };
    return {
      ...claiming(outbox, (options) =>
        outbox.claim("history", options).map((claimed) => {
          for (const each of claimed) known.set(each.id, each);
          return claimed.map(overtake);
        }),
      ),
      settle(ids, as, why) {
        for (const id of ids) if (as === "dead") dead.add(id);
        return outbox.settle(ids, as, why);
      },
      revive(topic, messageId) {
        jumping = messageId === undefined ? [...dead].flatMap((id) => known.get(id)?.entry ?? []) : [];
        return outbox.revive(topic, messageId);
      },
    };
  }),
  "as if they had entered now": [
    broken((outbox) => {
      const first = new Map<string, Date>();
      return claimingAny(outbox, (claimed) =>
        claimed.map((each) => {
          const enqueuedAt = first.get(each.id) ?? each.enqueuedAt;
          first.set(each.id, enqueuedAt);
          return { ...each, enqueuedAt };
        }),
      );
    }),
    broken((outbox) => {
      const counts = new Map<string, number>();
      return claimingAny(outbox, (claimed) =>
        claimed.map((each) => {
          if (!each.id.startsWith("webhook:")) return each;
          const earlierClaims = counts.get(each.id) ?? 0;
          counts.set(each.id, earlierClaims + 1);
          return { ...each, earlierClaims };
        }),
      );
    }),
  ],
  "returns how many those were": [
    broken((outbox) => ({
      revive: (topic, id) => outbox.revive(topic, id).map((count) => (id === undefined ? count + 1 : count)),
    })),
    broken((outbox) => ({
      revive: (topic, id) =>
        outbox.revive(topic, id).andThen((count) => outbox.revive("webhook").map((others) => Math.max(count, others))),
    })),
  ],
  "Forgets the dead entries of a topic, which can then not be revived; returns how many it forgot. Those that wait stay":
    [
      broken((outbox) => ({ discard: (topic) => outbox.discard(topic).map((count) => count + 1) })),
      broken((outbox) => ({
        discard: (topic) =>
          outbox.discard("history").andThen((count) => (topic === "history" ? okAsync(count) : outbox.discard(topic))),
      })),
      broken((outbox) => ({ discard: (topic) => outbox.revive(topic) })),
      broken((outbox) => ({
        discard: (topic) =>
          outbox.discard(topic).andThrough(() =>
            outbox.claim(topic, { limit: 9, leaseMs: 1000 }).andThen((claimed) =>
              outbox.settle(
                claimed.map(({ id }) => id),
                "delivered",
              ),
            ),
          ),
      })),
    ],
  "A claim may be settled after its lease has ended: the last settlement counts": [
    broken((outbox, { clock }) => {
      const leases = new Map<string, number>();
      return {
        claim: (topic, options) =>
          outbox.claim(topic, options).andTee((claimed) => {
            for (const { id } of claimed) leases.set(id, clock.now().getTime() + options.leaseMs);
          }),
        settle: (ids, as, why) =>
          outbox.settle(
            ids.filter((id) => (leases.get(id) ?? Infinity) >= clock.now().getTime()),
            as,
            why,
          ),
      };
    }),
    broken((outbox) => {
      const settled = new Set<string>();
      return {
        claim: (topic, options) =>
          outbox.claim(topic, options).andTee((claimed) => {
            for (const { id } of claimed) settled.delete(id);
          }),
        settle(ids, as, why) {
          const present = ids.filter((id) => !settled.has(id));
          for (const id of ids) settled.add(id);
          return present.length === 0 ? okAsync(undefined) : outbox.settle(present, as, why);
        },
      };
    }),
  ],
};
