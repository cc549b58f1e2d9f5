import { inMemoryStore } from "../../../test/in-memory-store.ts";
import { spoilOther } from "../../../test/sabotages/lines.ts";
import { describeSabotage } from "../sabotage.ts";
import { describeProcessLeaseContract, processLeaseContract } from "./contract.ts";

const setup = inMemoryStore;

describeProcessLeaseContract({ name: "in-memory store", setup });

describeSabotage(processLeaseContract, {
  setup,
  sabotages: {
    "For how many milliseconds nobody else gets what this process holds": (subject) => ({
      ...subject,
      lease: { ...subject.lease, validForMs: () => 50_000 - subject.clock.monotonicMs() },
    }),
    "Reaches 0 before the lines of the process are free for others": [
      spoilOther(({ lease }) => ({ lease: { ...lease, validForMs: () => 1 } })),
      spoilOther(({ lease }) => {
        let lasts = Infinity;
        return { lease: { ...lease, validForMs: () => (lasts = Math.min(lasts, lease.validForMs())) } };
      }),
    ],
    "How many of its lines this process should release so that others get their share": [
      (subject) => ({ ...subject, lease: { ...subject.lease, surplus: () => 0 } }),
    ],
  },
});
