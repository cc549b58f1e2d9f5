import { okAsync } from "neverthrow";

import type { Outbox, UndeliveredEntry } from "../../src/ports/store/outbox.ts";
import type { Sabotage } from "../../src/contracts/sabotage.ts";
import type { StoreSubject } from "../../src/contracts/store/subject.ts";
import { breaking } from "../in-memory-store.ts";

const broken = (change: (outbox: Outbox, subject: StoreSubject) => Partial<Outbox>) => breaking("outbox", change);

const brokenFacts = (spoil: (entry: UndeliveredEntry, subject: StoreSubject) => UndeliveredEntry) =>
  broken((outbox, subject) => ({
    undelivered: (id) => outbox.undelivered(id).map((left) => left.map((each) => spoil(each, subject))),
  }));

const soonDue = ({ dueAt, ...entry }: UndeliveredEntry, { clock }: StoreSubject): UndeliveredEntry => ({
  ...entry,
  ...(dueAt && { dueAt: clock.now() }),
});

export const outboxUndeliveredSabotages: Record<string, Sabotage<StoreSubject> | readonly Sabotage<StoreSubject>[]> = {
  "An entry that was not delivered keeps `why`": [
    broken((outbox) => ({ settle: (ids, as, why) => outbox.settle(ids, as, as === "dead" ? undefined : why) })),
    broken((outbox) => ({ settle: (ids, as, why) => outbox.settle(ids, as, as === "dead" ? why : undefined) })),
  ],
  "The entries of a message that are not delivered, those of the history first, each topic by version": [
    broken((outbox) => ({ undelivered: (id) => outbox.undelivered(id).map((left) => left.toReversed()) })),
    broken((outbox) => ({
      undelivered: (id) => outbox.undelivered(id).map((left) => left.filter(({ state }) => state !== "dead")),
    })),
    broken((outbox) => ({
      undelivered: (id) => outbox.undelivered(id).map((left) => left.filter(({ topic }) => topic === "history")),
    })),
  ],
  "how often it was claimed, and when it may be claimed next": [
    brokenFacts((entry) => ({ ...entry, claims: Math.min(1, entry.claims) })),
    brokenFacts(soonDue),
    brokenFacts((entry) => (entry.state === "leased" ? { ...entry, state: "waiting" } : entry)),
    brokenFacts((entry, { clock }) => ({ ...entry, dueAt: entry.dueAt ?? clock.now() })),
  ],
  "With `messageId`, only those of this message": [
    broken((outbox) => ({ revive: (topic) => outbox.revive(topic) })),
    broken((outbox) => ({
      revive: (topic, id) => outbox.revive("status", id).andThen(() => outbox.revive(topic, id)),
    })),
  ],
  "History entries of a message that wait for a retry are due now, and so are those that they wait for": [
    broken(() => ({ hasten: () => okAsync(undefined) })),
    broken((outbox) => ({
      hasten: (id) =>
        outbox.undelivered(id).andThen(([entry]) => (entry?.dueAt ? outbox.hasten(id) : okAsync(undefined))),
    })),
  ],
  "The claims of an entry count as before": broken((outbox) => {
    const hastened = new Set<string>();
    return {
      hasten: (id) => outbox.hasten(id).andTee(() => void hastened.add(id)),
      undelivered: (id) =>
        outbox.undelivered(id).map((left) => left.map((each) => (hastened.has(id) ? { ...each, claims: 0 } : each))),
    };
  }),
  "One under a lease keeps its lease": broken((outbox, { clock }) => {
    const leased = new Set<string>();
    return {
      claim: (topic, options) =>
        outbox.claim(topic, options).andTee((claimed) => {
          for (const { id } of claimed) leased.add(id);
        }),
      settle(ids, as, why) {
        for (const id of ids) leased.delete(id);
        return outbox.settle(ids, as, why);
      },
      hasten: (id) => outbox.settle([...leased], { retryAt: clock.now() }).andThen(() => outbox.hasten(id)),
    };
  }),
  "Lists up to `limit` dead entries of a topic, in the order in which they entered": [
    broken((outbox) => ({
      listDead: (topic, query) => outbox.listDead(topic, { ...query, limit: query.limit + 1 }),
    })),
    broken((outbox) => ({
      listDead: (topic, query) => outbox.listDead(topic, query).map((entries) => entries.toReversed()),
    })),
    broken((outbox) => ({ listDead: (_, query) => outbox.listDead("history", query) })),
  ],
  "Only those of a tenant, if one is given": [
    broken((outbox) => ({ listDead: (topic, { limit }) => outbox.listDead(topic, { limit }) })),
    broken((outbox) => ({
      listDead: (topic, query) =>
        outbox
          .listDead(topic, { limit: query.limit })
          .andThen((all) =>
            outbox
              .listDead(topic, query)
              .map((own) => own.filter((entry) => all.some((each) => each.messageId === entry.messageId))),
          ),
    })),
  ],
};
