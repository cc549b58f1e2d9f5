import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { exampleMessage } from "../fixtures.ts";
import { accept, claim, due, find, send } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";

export const storeHealthCases: readonly Case<StoreSubject>[] = [
  {
    name: "Proves, by a commit of its own, that the store takes commits now",
    async run(subject) {
      for (const _ of [1, 2]) expect((await subject.health.check()).isOk()).toBe(true);
      expect((await Promise.all([1, 2, 3].map(() => subject.health.check()))).every((taken) => taken.isOk())).toBe(
        true,
      );
    },
  },
  {
    name: "A store that could be read and takes no commit is `Unavailable`",
    async run(subject) {
      await subject.refuseCommits(true);
      expect((await subject.health.check())._unsafeUnwrapErr().kind).toBe("Unavailable");
      expect((await subject.messages.accept(exampleMessage()))._unsafeUnwrapErr().kind).toBe("Unavailable");
      await subject.refuseCommits(false);
      expect((await subject.health.check()).isOk()).toBe(true);
      expect(await accept(subject, exampleMessage())).toEqual({ kind: "New" });
    },
  },
  {
    name: "Changes nothing that another port shows",
    async run(subject) {
      const { messageId: id } = await send(subject);
      const shown = async () => ({
        message: await find(subject, { id }),
        due: await due(subject),
        overdue: (await subject.messages.overdue(100))._unsafeUnwrap(),
        unsettled: (await subject.quotaLedger.unsettled())._unsafeUnwrap(),
        webhooks: (await subject.inbox.latest(100))._unsafeUnwrap(),
      });
      const before = await shown();
      (await subject.health.check())._unsafeUnwrap();
      expect(await shown()).toEqual(before);
      expect(await claim(subject)).toHaveLength(1);
    },
  },
];
