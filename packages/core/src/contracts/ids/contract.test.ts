import { createSequentialIds } from "../../in-memory/index.ts";
import type { Ids } from "../../ports/ids.ts";
import { describeIdsContract, describeSabotage, idsContract, type IdsSubject } from "../index.ts";

const setup = (): IdsSubject => ({ ids: createSequentialIds() });

const broken =
  (change: (ids: Ids) => Partial<Ids>) =>
  ({ ids }: IdsSubject) => ({ ids: { ...ids, ...change(ids) } });

describeIdsContract({ name: "sequential ids", setup });

describeSabotage(idsContract, {
  setup,
  sabotages: {
    "A new id, unlike any before": broken((ids) => {
      let latest = "";
      let count = 0;
      return { messageId: () => ((count += 1) % 100 === 0 ? latest : (latest = ids.messageId())) };
    }),
    "A new id for a request to another service, unlike any before": broken((ids) => {
      let count = 0;
      return { requestId: () => ((count += 1) % 100 === 0 ? "request-7" : ids.requestId()) };
    }),
    "Later ids sort after earlier ones": broken((ids) => ({
      messageId: () => Array.from(ids.messageId()).toReversed().join(""),
    })),
    "Each id is an `Identifier`": broken((ids) => ({ messageId: () => `no/${ids.messageId()}` })),
    "The same text gives the same digest": broken(() => {
      let count = 0;
      return { digest: () => String((count += 1)) };
    }),
    "Another text gives another digest": broken((ids) => ({ digest: (text) => ids.digest(text.trim()) })),
  },
});
