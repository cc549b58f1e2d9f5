import { okAsync } from "neverthrow";

import { breaking, inMemoryStore } from "../../../test/in-memory-store.ts";
import type { BacklogMeasure } from "../../ports/store/backlog.ts";
import { describeSabotage } from "../sabotage.ts";
import type { StoreSubject } from "../store/subject.ts";
import { backlogContract, describeBacklogContract } from "./contract.ts";

const setup = inMemoryStore;

describeBacklogContract({ name: "in-memory store", setup });

/** Changes what is measured. */
const measuring = (change: (measure: BacklogMeasure, limit: number, subject: StoreSubject) => BacklogMeasure) =>
  breaking("backlog", (backlog, subject) => ({
    measure: (limit) => backlog.measure(limit).map((measure) => change(measure, limit, subject)),
  }));

describeSabotage(backlogContract, {
  setup,
  sabotages: {
    "Counts the messages in the queue, and says for how long the first of those that are due has been due": [
      measuring((measure) => ({ ...measure, queued: measure.due.count })),
      measuring((measure) => ({ ...measure, due: { count: measure.queued, oldestMs: measure.due.oldestMs } })),
      // The wall clock was set back meanwhile.
      measuring((measure, _, { clock }) => ({
        ...measure,
        due: { ...measure.due, oldestMs: measure.due.oldestMs && clock.now().getTime() % measure.due.oldestMs },
      })),
    ],
    "Counts for each topic the outbox entries that wait and those that are dead, and says how long ago the oldest that waits entered":
      [
        measuring((measure, limit) => {
          const { history } = measure.outbox;
          return limit === 2 ? measure : { ...measure, outbox: { ...measure.outbox, webhook: history } };
        }),
        measuring(({ outbox, ...measure }) => ({ ...measure, outbox: { ...outbox, status: outbox.webhook } })),
        measuring(({ outbox, ...measure }) => {
          const { waiting } = outbox.history;
          return { ...measure, outbox: { ...outbox, history: { waiting, dead: 0 } } };
        }),
        measuring(({ outbox, ...measure }) => {
          const { waiting, dead } = outbox.history;
          return { ...measure, outbox: { ...outbox, history: { waiting: { ...waiting, oldestMs: 1000 }, dead } } };
        }),
      ],
    "Counts the status updates that are parked and the quota blocks that are open": [
      measuring((measure) => (measure.openQuotaBlocks > 0 ? { ...measure, parkedStatuses: 1 } : measure)),
      measuring((measure) => ({ ...measure, openQuotaBlocks: 0 })),
    ],
    "Counts no further than `limit`": breaking("backlog", ({ measure }) => ({ measure: () => measure(1000) })),
    "Changes nothing": breaking("backlog", ({ measure }, { outbox }) => ({
      measure: (limit) =>
        measure(limit).andThen((measured) =>
          measured.queued === 1 && measured.outbox.webhook.dead === 0 && measured.due.count === 1
            ? outbox.claim("history", { limit: 1, leaseMs: 30_000 }).map(() => measured)
            : okAsync(measured),
        ),
    })),
  },
});
