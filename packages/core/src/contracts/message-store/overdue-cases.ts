import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { exampleMessage, withIntent } from "../fixtures.ts";
import { succeeds } from "../results.ts";
import { accept } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";

export const overdueCases: readonly Case<StoreSubject>[] = [
  {
    name: "What this process wrote to last is never among them",
    async run(subject) {
      const queued = exampleMessage({ mode: "queued", acceptedAt: subject.clock.now() });
      for (const message of [exampleMessage(), withIntent(queued), withIntent(exampleMessage())]) {
        expect(await accept(subject, message)).toEqual({ kind: "New" });
      }
      await subject.advance(60_000);
      expect(succeeds(await subject.messages.overdue(100))).toEqual([]);
    },
  },
];
