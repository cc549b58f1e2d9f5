import { expect } from "vitest";

import { conclude, releaseKey } from "../../domain/message-changes.ts";
import type { Case } from "../contract.ts";
import {
  exampleEntries,
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  withIntent,
  withOutcome,
  withReport,
} from "../fixtures.ts";
import { accept, claim, commit, find, messageIds, settle } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { failsWith } from "../results.ts";

export const commitCases: readonly Case<StoreSubject>[] = [
  {
    name: "Replaces the document if its stored revision is the one before `next.revision`",
    async run(subject) {
      const message = exampleMessage();
      await accept(subject, message);
      const intended = withIntent(message);
      expect(await commit(subject, intended)).toEqual({ applied: true, message: intended });
      expect(await find(subject, { id: message.id })).toEqual(intended);
    },
  },
  {
    name: "its outbox entries enter together with it",
    async run(subject) {
      const intended = withIntent(exampleMessage());
      const sent = withOutcome(intended, exampleOutcomes.Accepted);
      await accept(subject, intended);
      await commit(subject, sent, exampleEntries(intended, sent));
      expect(messageIds(await claim(subject))).toEqual([sent.id]);
    },
  },
  {
    name: "otherwise changes nothing",
    async run(subject) {
      const intended = withIntent(exampleMessage({ key: freed }));
      const sent = withOutcome(intended, exampleOutcomes.Accepted);
      await accept(subject, intended);
      await commit(subject, sent);
      const stale = withOutcome(intended, { ...exampleOutcomes.Accepted, wamid: "wamid.stale" });
      const early = { ...withReport(sent, "read"), revision: sent.revision + 2 };
      for (const next of [stale, releaseKey(stale), early, sent]) {
        await commit(subject, next, exampleEntries(intended, next));
      }
      expect(await find(subject, { id: sent.id })).toEqual(sent);
      expect(await find(subject, { wamid: "wamid.stale" })).toBeUndefined();
      expect(await find(subject, { tenantId: "tenant-1", key: freed.key })).toEqual(sent);
      expect(await claim(subject)).toEqual([]);
    },
  },
  {
    name: "Of several commits on one revision exactly one applies, however many arrive at once",
    async run(subject) {
      const intended = withIntent(exampleMessage());
      await accept(subject, intended);
      const rivals = Array.from({ length: 20 }, (_, index) =>
        withOutcome(intended, { ...exampleOutcomes.Accepted, wamid: `wamid.${index}` }),
      );
      const answers = await Promise.all(rivals.map((next) => commit(subject, next, exampleEntries(intended, next))));
      const winner = rivals[answers.findIndex(({ applied }) => applied)];
      expect(answers.filter(({ applied }) => applied)).toHaveLength(1);
      expect(await find(subject, { id: intended.id })).toEqual(winner);
      await settle(subject, await claim(subject), "delivered");
      expect(await claim(subject)).toEqual([]);
    },
  },
  {
    name: "Returns the document as it is stored now, so that the loser sees the winner's",
    async run(subject) {
      const intended = withIntent(exampleMessage());
      await accept(subject, intended);
      const winner = withReport(intended, "delivered");
      await commit(subject, winner);
      const loser = withOutcome(intended, exampleOutcomes.Ambiguous);
      expect(await commit(subject, loser)).toEqual({ applied: false, message: winner });
    },
  },
  {
    name: "A key that `next` no longer has is free for good",
    async run(subject) {
      const lookup = { tenantId: "tenant-1", key: freed.key };
      const intended = withIntent(exampleMessage({ key: freed }));
      await accept(subject, intended);
      const throttled = withOutcome(intended, exampleOutcomes.Throttled);
      await commit(subject, throttled);
      const concluded = releaseKey(conclude(throttled, { as: "throttled", at: exampleTime }));
      await commit(subject, concluded);
      expect(await find(subject, lookup)).toBeUndefined();
      const anew = exampleMessage({ key: { ...freed, fingerprint: "f2" } });
      expect(await accept(subject, anew)).toEqual({ kind: "New" });
      await commit(subject, withReport(concluded, "delivered"));
      expect(await find(subject, lookup)).toEqual(anew);
    },
  },
  {
    name: "A message that was never accepted is `MessageUnknown`",
    async run(subject) {
      const stranger = withIntent(exampleMessage());
      const answer = await subject.messages.commit({ next: stranger });
      failsWith("MessageUnknown", answer);
      expect(await find(subject, { id: stranger.id })).toBeUndefined();
    },
  },
];

const freed = { key: "order-42", fingerprint: "f1" };
