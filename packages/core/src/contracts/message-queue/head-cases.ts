import { expect } from "vitest";

import type { Message } from "../../domain/message.ts";
import { beginAttempt, conclude } from "../../domain/message-changes.ts";
import type { Case } from "../contract.ts";
import { exampleMessage, exampleOutcomes, withIntent, withOutcome } from "../fixtures.ts";
import { accept, commit } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { claim, enqueue, headIds, heads, line, queued } from "./steps.ts";

export const headCases: readonly Case<StoreSubject>[] = [
  {
    name: "The messages of each line that are due, up to `each` of a line",
    async run(subject) {
      const other = { ...line, outletId: "outlet-2" };
      const mine = [await enqueue(subject), await enqueue(subject), await enqueue(subject)];
      const its = [await enqueue(subject, other), await enqueue(subject, other)];
      await enqueue(subject, { inMs: 60_000 });
      await accept(subject, exampleMessage({ acceptedAt: subject.clock.now() }));
      for (const done of [
        withIntent(queued(subject)),
        conclude(queued(subject), { as: "canceled", at: subject.clock.now() }),
      ]) {
        await accept(subject, done);
      }
      expect(await claim(subject)).toHaveLength(2);
      expect(byId(await heads(subject, [line]))).toEqual(byId(mine));
      const both = await heads(subject, [line, other]);
      expect(byId(both.filter(({ request }) => request.outlet.outletId === "outlet-2"))).toEqual(byId(its));
      expect(both).toHaveLength(5);
      expect(await heads(subject, [line, other], 1)).toHaveLength(2);
      await subject.advance(60_000);
      expect(await heads(subject, [line])).toHaveLength(4);
    },
  },
  {
    name: "in the order of `orderAt`; those of one millisecond in the order in which they were accepted",
    async run(subject) {
      const scheduled = await enqueue(subject, { inMs: 5000 });
      const early = await enqueue(subject);
      const refused = withOutcome(withIntent(early), exampleOutcomes.NotSent, subject.clock.now());
      await commit(subject, withIntent(early));
      await commit(subject, refused);
      subject.shiftWallClock(-3_600_000);
      await subject.advance(10);
      const next = [await enqueue(subject), await enqueue(subject), await enqueue(subject)];
      await subject.advance(10_000);
      const late = await enqueue(subject);
      await claim(subject);
      const inOrder = [early, ...next, scheduled, late].map(({ id }) => id);
      expect(await headIds(subject, [line])).toEqual(inOrder);
      expect(await headIds(subject, [line], 3)).toEqual(inOrder.slice(0, 3));
    },
  },
  {
    name: "None behind an earlier unfinished message to its recipient on its line that is due itself or delays it (`delaysUntil`): for 10 s at most",
    async run(subject) {
      const to = "+628111111111";
      const [first, second] = [await enqueue(subject, { to }), await enqueue(subject, { to })];
      const elsewhere = await enqueue(subject, { to, outletId: "outlet-2" });
      const other = await enqueue(subject);
      const lines = await claim(subject);
      const seen = async () => (await headIds(subject, lines)).toSorted();
      const expected = (...messages: { readonly id: string }[]) =>
        [elsewhere, other, ...messages].map(({ id }) => id).toSorted();
      expect(await seen()).toEqual(expected(first));
      // However long it waits before it begins.
      await subject.advance(20_000);
      expect(await seen()).toEqual(expected(first));
      const begun = beginAttempt(first, { startedAt: subject.clock.now(), phoneNumberId: "1", spread: 0 });
      await commit(subject, begun);
      expect(await seen()).toEqual(expected());
      await subject.advance(4000);
      const unanswered = withOutcome(begun, exampleOutcomes.Ambiguous, subject.clock.now());
      await commit(subject, unanswered);
      expect(await seen()).toEqual(expected());
      await subject.advance(5000);
      expect(await seen()).toEqual(expected(first));
      await commit(subject, beginAttempt(unanswered, { startedAt: subject.clock.now(), spread: 0 }));
      await subject.advance(999);
      expect(await seen()).toEqual(expected());
      await subject.advance(1);
      expect(await seen()).toEqual(expected(second));
    },
  },
  {
    name: "None of a line that this process does not hold",
    async run(subject) {
      const { id } = await enqueue(subject);
      expect(await headIds(subject, [line])).toEqual([]);
      await claim(subject);
      expect(await headIds(subject, [line, { ...line, outletId: "unknown" }])).toEqual([id]);
    },
  },
];

function byId(messages: readonly Message[]): readonly Message[] {
  return messages.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
