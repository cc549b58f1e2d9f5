import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { exampleMessage } from "../fixtures.ts";
import { accept } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";

export const storeLoadCases: readonly Case<StoreSubject>[] = [
  {
    name: "0 if none waits",
    async run(subject) {
      expect(subject.load.oldestWaitMs()).toBe(0);
      for (const messageId of ["m-1", "m-2"]) {
        await accept(subject, exampleMessage({ id: messageId }));
        expect(subject.load.oldestWaitMs()).toBe(0);
      }
    },
  },
  {
    name: "For how many milliseconds the oldest accept or commit that has no answer has been waiting",
    async run(subject) {
      const accepting = Array.from({ length: 50 }, (_, index) => accept(subject, exampleMessage({ id: `m-${index}` })));
      const waits = [subject.load.oldestWaitMs()];
      for (const accepted of accepting) {
        await accepted;
        waits.push(subject.load.oldestWaitMs());
      }
      for (const wait of waits) expect(wait >= 0 && wait < 60_000).toBe(true);
      expect(waits.at(-1)).toBe(0);
    },
  },
];
