import { expect } from "vitest";

import { conclude, requeue } from "../../domain/message-changes.ts";
import type { Case } from "../contract.ts";
import { exampleOutcomes, withIntent, withOutcome } from "../fixtures.ts";
import { accept, commit, later } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { claim, claimNames, enqueue, headIds, line, queued, release } from "./steps.ts";

export const lineCases: readonly Case<StoreSubject>[] = [
  {
    name: "The commit that accepts or changes a message also keeps its line",
    async run(subject) {
      const isDue = async () => {
        const lines = await claim(subject);
        const ids = await headIds(subject, lines);
        await release(subject, lines);
        return ids.length > 0;
      };
      // One that is due later does not delay the line, one that is due earlier does not wait for it.
      await enqueue(subject, { inMs: 60_000 });
      expect(await isDue()).toBe(false);
      const message = queued(subject, { inMs: 10_000 });
      await accept(subject, message);
      await subject.advance(10_000);
      expect(await isDue()).toBe(true);
      const intended = withIntent(message);
      await commit(subject, intended);
      expect(await isDue()).toBe(false);
      const unanswered = withOutcome(intended, exampleOutcomes.Ambiguous, subject.clock.now());
      await commit(subject, unanswered);
      expect(await isDue()).toBe(false);
      await subject.advance(5000);
      expect(await isDue()).toBe(true);
      const concluded = conclude(unanswered, { as: "expired", at: subject.clock.now() });
      await commit(subject, concluded);
      expect(await isDue()).toBe(false);
      const anew = requeue(concluded, subject.clock.now(), later(subject.clock, 60_000));
      await commit(subject, anew);
      expect(await isDue()).toBe(true);
      await commit(subject, conclude(anew, { as: "canceled", at: subject.clock.now() }));
      await subject.advance(40_000);
      expect(await isDue()).toBe(false);
      await subject.advance(5000);
      expect(await isDue()).toBe(true);
    },
  },
  {
    name: "holds them as long as it finds work there",
    async run(subject) {
      const first = await enqueue(subject);
      expect(await claimNames(subject)).toEqual(["tenant-1 outlet-1"]);
      await commit(subject, conclude(first, { as: "canceled", at: subject.clock.now() }));
      const second = await enqueue(subject);
      expect(await claim(subject)).toEqual([]);
      expect(await headIds(subject, [line])).toEqual([second.id]);
    },
  },
];
