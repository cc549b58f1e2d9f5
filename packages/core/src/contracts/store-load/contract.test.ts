import { breaking, inMemoryStore } from "../../../test/in-memory-store.ts";
import { describeSabotage } from "../sabotage.ts";
import { describeStoreLoadContract, storeLoadContract } from "./contract.ts";

const setup = inMemoryStore;

describeStoreLoadContract({ name: "in-memory store", setup });

describeSabotage(storeLoadContract, {
  setup,
  sabotages: {
    // It counts what has its answer.
    "0 if none waits": (subject) => {
      let calls = 0;
      return { ...subject, load: { oldestWaitMs: () => ((calls += 1) === 1 ? 1 : 0) } };
    },
    "For how many milliseconds the oldest accept or commit that has no answer has been waiting": [
      breaking("load", () => {
        let calls = 0;
        return { oldestWaitMs: () => ((calls += 1) > 10 ? Number.NaN : 0) };
      }),
      breaking("load", () => {
        let calls = 0;
        return { oldestWaitMs: () => ((calls += 1) > 10 ? 1 : 0) };
      }),
    ],
  },
});
