import { okAsync } from "neverthrow";

import { breaking, inMemoryStore } from "../../../test/in-memory-store.ts";
import { erased } from "../../domain/erased.ts";
import { wamidsOf } from "../../domain/status.ts";
import type { StatusUpdate } from "../../domain/status-update.ts";
import type { Erasure } from "../../ports/store/erasure.ts";
import { describeSabotage, type Sabotage } from "../sabotage.ts";
import type { StoreSubject } from "../store/subject.ts";
import { describeErasureContract, erasureContract } from "./contract.ts";

const setup = inMemoryStore;
const broken = (change: (erasure: Erasure, subject: StoreSubject) => Partial<Erasure>) => breaking("erasure", change);
/** Finds a message by the ids that it ever had. */
const rememberingIds: Sabotage<StoreSubject> = (subject) => {
  const { messages } = subject;
  const known = new Map<string, string>();
  return {
    ...subject,
    messages: {
      ...messages,
      commit(change) {
        for (const wamid of wamidsOf(change.next)) known.set(wamid, change.next.id);
        return messages.commit(change);
      },
      find: (by) => messages.find("wamid" in by ? { id: known.get(by.wamid) ?? "" } : by),
    },
  };
};
/** Parks again what was parked, after each call of a method. */
const parkingAgain =
  (after: "replace" | "forget"): Sabotage<StoreSubject> =>
  (subject) => {
    const { erasure, parkedStatuses } = subject;
    const parked: StatusUpdate[] = [];
    return {
      ...subject,
      parkedStatuses: {
        ...parkedStatuses,
        park(updates) {
          parked.push(...updates);
          return parkedStatuses.park(updates);
        },
      },
      erasure: {
        ...erasure,
        ...(after === "replace"
          ? { replace: (next) => erasure.replace(next).andThrough(() => parkedStatuses.park(parked)) }
          : { forget: (names) => erasure.forget(names).andThrough(() => parkedStatuses.park(parked)) }),
      },
    };
  };

describeErasureContract({ name: "in-memory store", setup });

describeSabotage(erasureContract, {
  setup,
  sabotages: {
    "Recipients that WhatsApp knows by one of the names, and its name for one of them, are the same person": [
      broken(() => ({ namesOf: (names) => okAsync(names) })),
    ],
    "if its stored revision is the one before": [
      broken((erasure) => ({ replace: (next) => erasure.replace(next).map(() => true) })),
    ],
    "The message is no longer found by its recipient, its reference or its ids of WhatsApp": rememberingIds,
    "Its key stays in use, for any request": broken((erasure) => ({
      replace: ({ idempotencyKey: key, ...next }) =>
        erasure.replace({ ...next, ...(key && { idempotencyKey: { ...key, fingerprint: "f1" } }) }),
    })),
    "Outbox entries of it keep their place, without the recipient": breaking("outbox", (outbox) => ({
      claim: (topic, options) =>
        outbox
          .claim(topic, options)
          .map((claimed) =>
            claimed.map((each) =>
              "to" in each.entry && each.entry.to === erased
                ? { ...each, entry: { ...each.entry, to: "+628111" } }
                : each,
            ),
          ),
    })),
    "What was said of its outbox entries when they were not delivered is gone": breaking("outbox", (outbox) => {
      let said: string | undefined;
      return {
        settle: (ids, as, why) => outbox.settle(ids, as, (said = why ?? said)),
        undelivered: (id) =>
          outbox.undelivered(id).map((left) => left.map((each) => (each.why && said ? { ...each, why: said } : each))),
      };
    }),
    "Parked statuses of its ids are gone": parkingAgain("replace"),
    "Forgets what was noted about these recipients, opt-outs included, and each kept webhook that mentions one of them, wherever it waits":
      [
        broken((erasure) => ({ forget: ([one = ""]) => erasure.forget([one]) })),
        broken((erasure) => ({
          forget: (names) => (names.length > 1 ? okAsync({ recipients: 2, webhooks: 3 }) : erasure.forget(names)),
        })),
      ],
    "Parked statuses that mention one of them go too": parkingAgain("forget"),
  },
});
