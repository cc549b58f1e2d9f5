import { expect } from "vitest";

import { conclude } from "../../domain/message-changes.ts";
import type { Case } from "../contract.ts";
import { succeeds } from "../results.ts";
import { anotherProcess, commit } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { claim, claimNames, enqueue, headIds, line, release } from "./steps.ts";

export const releaseCases: readonly Case<StoreSubject>[] = [
  {
    name: "A released line is due when the first of its messages is, and is gone if none will be",
    async run(subject) {
      const message = await enqueue(subject);
      await enqueue(subject, { inMs: 10_000 });
      await claim(subject);
      await commit(subject, conclude(message, { as: "canceled", at: subject.clock.now() }));
      await release(subject, [line]);
      await subject.advance(9999);
      expect(await claim(subject)).toEqual([]);
      await subject.advance(1);
      expect(await claimNames(subject)).toEqual(["tenant-1 outlet-1"]);
      for (const id of await headIds(subject, [line])) {
        const found = succeeds(await subject.messages.find({ id }));
        if (found) await commit(subject, conclude(found, { as: "canceled", at: subject.clock.now() }));
      }
      await release(subject, [line]);
      await subject.advance(60_000);
      expect(await claim(subject)).toEqual([]);
      expect(succeeds(await subject.queue.state({ limit: 10, upTo: 10 }))).toEqual([]);
    },
  },
  {
    name: "A message that is accepted or changed meanwhile is not overlooked: its line is due in time",
    async run(subject) {
      for (let round = 0; round < 30; round += 1) {
        const message = await enqueue(subject);
        const lines = await claim(subject);
        await commit(subject, conclude(message, { as: "canceled", at: subject.clock.now() }));
        const [next] = await Promise.all([enqueue(subject), release(subject, lines)]);
        const again = await claim(subject);
        expect(await headIds(subject, again)).toEqual([next.id]);
        await commit(subject, conclude(next, { as: "canceled", at: subject.clock.now() }));
        await release(subject, again);
      }
    },
  },
  {
    name: "A line of another process stays with it",
    needs: { name: "anotherProcess", of: (subject) => subject.anotherProcess },
    async run(subject) {
      const other = await anotherProcess(subject);
      await enqueue(subject);
      const lines = await claim(other);
      await release(subject, lines);
      expect(await claim(subject)).toEqual([]);
      expect(succeeds(await other.queue.heads(lines, 1))).toHaveLength(1);
    },
  },
];
