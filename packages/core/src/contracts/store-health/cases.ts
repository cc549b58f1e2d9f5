import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { exampleMessage } from "../fixtures.ts";
import { accept, claim, due, find, keptWebhooks, send } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { failsWith, succeeds } from "../results.ts";

export const storeHealthCases: readonly Case<StoreSubject>[] = [
  {
    name: "Proves by a commit of its own that the store takes commits now",
    async run(subject) {
      for (const _ of [1, 2]) succeeds(await subject.health.check());
      for (const check of await Promise.all([1, 2, 3].map(() => subject.health.check()))) succeeds(check);
    },
  },
  {
    name: "A store that can be read but takes no commit is `Unavailable`",
    async run(subject) {
      await subject.refuseCommits(true);
      failsWith("Unavailable", await subject.health.check());
      failsWith("Unavailable", await subject.messages.accept(exampleMessage()));
      await subject.refuseCommits(false);
      succeeds(await subject.health.check());
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
        overdue: succeeds(await subject.messages.overdue(100)),
        unsettled: succeeds(await subject.quotaLedger.unsettled()),
        webhooks: await keptWebhooks(subject),
      });
      const before = await shown();
      succeeds(await subject.health.check());
      expect(await shown()).toEqual(before);
      expect(await claim(subject)).toHaveLength(1);
    },
  },
];
