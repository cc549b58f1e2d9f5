import { okAsync, ResultAsync } from "neverthrow";

import type { HistoryEntry } from "../../ports/history.ts";
import type { Outbox } from "../../ports/store/outbox.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import { breaking, inMemoryStore } from "../../../test/in-memory-store.ts";
import { describeOutboxContract, outboxContract } from "./contract.ts";
import { type Claimed, claiming, outboxTopicSabotages } from "../../../test/sabotages/outbox-topics.ts";
import { outboxUndeliveredSabotages } from "../../../test/sabotages/outbox-undelivered.ts";
import { outboxLeaseSabotages } from "../../../test/sabotages/outbox-leases.ts";
import { describeSabotage } from "../sabotage.ts";
import type { StoreSubject } from "../store/subject.ts";

const setup = inMemoryStore;
const broken = (change: (outbox: Outbox, subject: StoreSubject) => Partial<Outbox>) => breaking("outbox", change);

const brokenClaims = (spoil: (claimed: readonly Claimed[], subject: StoreSubject) => readonly Claimed[]) =>
  broken((outbox, subject) =>
    claiming(outbox, (options) => outbox.claim("history", options).map((claimed) => spoil(claimed, subject))),
  );

/** Hands out an entry that was settled so once more, an hour later. */
const haunted = (ghostly: "delivered" | "dead") =>
  broken((outbox, { clock }) => {
    const claims = new Map<string, Claimed>();
    const ghosts: { claimed: Claimed; from: number }[] = [];
    return {
      ...claiming(outbox, (options) =>
        outbox.claim("history", options).map((claimed) => {
          for (const each of claimed) claims.set(each.id, each);
          const now = clock.now().getTime();
          return [...claimed, ...ghosts.filter(({ from }) => from <= now).map((ghost) => ghost.claimed)];
        }),
      ),
      settle(ids, as, why) {
        const from = clock.now().getTime() + 3_600_000;
        const settled = ids.flatMap((id) => claims.get(id) ?? []);
        if (as === ghostly) ghosts.push(...settled.map((claimed) => ({ claimed, from })));
        return outbox.settle(ids, as, why);
      },
    };
  });

describeOutboxContract({ name: "in-memory store", setup });

describeSabotage(outboxContract, {
  setup,
  sabotages: {
    "Returns each entry unchanged, with when it entered and how often it was claimed before": [
      broken((outbox) => {
        const claimedBefore = new Set<string>();
        const spoil = (each: Claimed): Claimed => {
          if (claimedBefore.has(each.id)) return { ...each, earlierClaims: 0 };
          claimedBefore.add(each.id);
          return each;
        };
        return claiming(outbox, (options) => outbox.claim("history", options).map((claimed) => claimed.map(spoil)));
      }),
      brokenClaims((claimed, { clock }) => claimed.map((each) => ({ ...each, enqueuedAt: clock.now() }))),
      brokenClaims((claimed) => claimed.map((each) => ({ ...each, entry: { ...each.entry, to: "" } }))),
    ],
    "An entry that is added while it waits already is there once": (subject) => {
      const added = new Set<string>();
      const twice = new Set<string>();
      const claims = new Map<string, Claimed>();
      return {
        ...subject,
        messages: {
          ...subject.messages,
          commit(change) {
            for (const { topic, entry } of change.outbox ?? []) {
              const id = `${topic} ${entry.messageId} ${entry.version}`;
              if (added.has(id)) twice.add(entry.messageId);
              added.add(id);
            }
            return subject.messages.commit(change);
          },
        },
        outbox: {
          ...subject.outbox,
          ...claiming(subject.outbox, (options) =>
            subject.outbox.claim("history", options).map((claimed) => {
              for (const each of claimed) claims.set(each.entry.messageId, each);
              return claimed.length > 0
                ? claimed
                : [...claims.values()].filter((each) => twice.has(each.entry.messageId));
            }),
          ),
        },
      };
    },
    "Claims up to `limit` entries of a topic that are due": broken((outbox) => ({
      claim: (topic, { limit, leaseMs }) => outbox.claim(topic, { limit: limit + 1, leaseMs }),
    })),
    "Concurrent claims get different entries": broken((outbox) => {
      let underWay: { answer: ResultAsync<readonly Claimed[], Unavailable> } | undefined;
      return claiming(outbox, (options) => {
        underWay ??= { answer: outbox.claim("history", options) };
        queueMicrotask(() => (underWay = undefined));
        return underWay.answer;
      });
    }),
    "no other claim gets them meanwhile": broken((outbox) => ({
      claim: (topic, { limit, leaseMs }) => outbox.claim(topic, { limit, leaseMs: leaseMs / 2 }),
    })),
    "An entry that is not settled by the end of its lease is due again": brokenClaims((claimed) =>
      claimed.filter(({ entry, earlierClaims }) => earlierClaims === 0 || entry.conversationId !== "conversation-0"),
    ),
    "Entries are due on time, however the wall clock is set meanwhile": broken((outbox, { clock }) => {
      const openedAt = clock.now();
      const isDue = ({ earlierClaims }: Claimed) => earlierClaims > 0 || clock.now() >= openedAt;
      return claiming(outbox, (options) => outbox.claim("history", options).map((claimed) => claimed.filter(isDue)));
    }),
    "An entry is claimed only when no earlier one of its conversation is left": (subject) => {
      const entered: HistoryEntry[] = [];
      const leased = new Set<string>();
      const overtake = (claimed: Claimed): Claimed => {
        const { entry, id } = claimed;
        const behind = entered.find((other) => other !== entry && other.conversationId === entry.conversationId);
        const wasLost = leased.has(id);
        leased.add(id);
        return wasLost && behind && entered.indexOf(behind) > entered.indexOf(entry)
          ? { ...claimed, entry: behind }
          : claimed;
      };
      return {
        ...subject,
        messages: {
          ...subject.messages,
          commit(change) {
            entered.push(...(change.outbox ?? []).flatMap((added) => (added.topic === "history" ? [added.entry] : [])));
            return subject.messages.commit(change);
          },
        },
        outbox: {
          ...subject.outbox,
          ...claiming(subject.outbox, (options) =>
            subject.outbox.claim("history", options).map((claimed) => claimed.map(overtake)),
          ),
          settle(ids, as, why) {
            for (const id of ids) leased.delete(id);
            return subject.outbox.settle(ids, as, why);
          },
        },
      };
    },
    "Conversations of the same name of two tenants are two conversations": (subject) => ({
      ...subject,
      messages: {
        ...subject.messages,
        commit: ({ next, outbox = [] }) =>
          subject.messages.commit({
            next,
            outbox: outbox.map((added) => {
              if (added.topic !== "history") return added;
              const { tenantId, outletId } = added.entry.outlet;
              const entry = { ...added.entry, outlet: { tenantId: "all", outletId: `${tenantId} ${outletId}` } };
              return { ...added, entry };
            }),
          }),
      },
      outbox: {
        ...subject.outbox,
        ...claiming(subject.outbox, (options) =>
          subject.outbox.claim("history", options).map((claimed) =>
            claimed.map((each) => {
              const [tenantId = "", outletId = ""] = each.entry.outlet.outletId.split(" ");
              return { ...each, entry: { ...each.entry, outlet: { tenantId, outletId } } };
            }),
          ),
        ),
        listDead: (topic, { tenantId, limit }) =>
          subject.outbox
            .listDead(topic, { limit: 99 })
            .andThen((dead) =>
              ResultAsync.combine(
                dead.map((each) => subject.messages.find({ id: each.messageId }).map((message) => ({ each, message }))),
              ),
            )
            .map((found) =>
              found
                .filter(({ message }) => [undefined, message?.request.outlet.tenantId].includes(tenantId))
                .map(({ each }) => each)
                .slice(0, limit),
            ),
      },
    }),
    "A delivered entry is gone": haunted("delivered"),
    "A dead entry is never claimed again, and the next of its conversation is due": haunted("dead"),
    "An entry to retry is due at its time and not before": broken((outbox, { clock }) => ({
      settle(ids, as, why) {
        if (typeof as === "string") return outbox.settle(ids, as, why);
        const now = clock.now().getTime();
        return outbox.settle(ids, { ...as, retryAt: new Date(now + (as.retryAt.getTime() - now) / 2) }, why);
      },
    })),
    "The claim of an `untried` one does not count": [
      broken((outbox) => ({
        settle: (ids, as, why) => outbox.settle(ids, typeof as === "object" ? { retryAt: as.retryAt } : as, why),
      })),
      broken((outbox) => ({
        settle: (ids, as, why) => outbox.settle(ids, typeof as === "object" ? { ...as, untried: true } : as, why),
      })),
    ],
    "An entry that waits delays only its own conversation": broken((outbox, { clock }) => {
      let closedUntil = new Date(0);
      return {
        ...claiming(outbox, (options) => (clock.now() < closedUntil ? okAsync([]) : outbox.claim("history", options))),
        settle(ids, as, why) {
          if (typeof as === "object") closedUntil = as.retryAt;
          return outbox.settle(ids, as, why);
        },
        hasten(id) {
          closedUntil = new Date(0);
          return outbox.hasten(id);
        },
      };
    }),
    "Settling an entry that is gone changes nothing": broken((outbox) => {
      const gone = new Set<string>();
      let latest: readonly string[] = [];
      return {
        claim: (topic, options) =>
          outbox.claim(topic, options).andTee((claimed) => (latest = claimed.map(({ id }) => id))),
        settle(ids, as, why) {
          if (ids.some((id) => gone.has(id))) return outbox.settle(latest, as, why);
          for (const id of ids) if (as === "delivered") gone.add(id);
          return outbox.settle(ids, as, why);
        },
      };
    }),
    ...outboxTopicSabotages,
    ...outboxLeaseSabotages,
    ...outboxUndeliveredSabotages,
  },
});
