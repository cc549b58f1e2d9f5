import { okAsync } from "neverthrow";

import type { StatusUpdate } from "../../domain/status-update.ts";
import { encodeStatusUpdate } from "../../codecs/status-update.ts";
import type { ParkedStatuses } from "../../ports/store/parked-statuses.ts";
import { breaking, inMemoryStore } from "../../../test/in-memory-store.ts";
import { describeParkedStatusesContract, parkedStatusesContract } from "./contract.ts";
import { describeSabotage } from "../sabotage.ts";
import type { StoreSubject } from "../store/subject.ts";

const setup = inMemoryStore;
const broken = (change: (parked: ParkedStatuses, subject: StoreSubject) => Partial<ParkedStatuses>) =>
  breaking("parkedStatuses", change);
const brokenMatches = (spoil: (update: StatusUpdate) => StatusUpdate) =>
  broken((parked) => ({ matched: (limit) => parked.matched(limit).map((updates) => updates.map(spoil)) }));

describeParkedStatusesContract({ name: "in-memory store", setup });

describeSabotage(parkedStatusesContract, {
  setup,
  sabotages: {
    "Keeps updates unchanged": [
      brokenMatches((update) => ({ ...update, callbackData: update.callbackData?.replaceAll("\u0000", "") }) as never),
      brokenMatches((update) => ({ ...update, callbackData: update.callbackData?.toWellFormed() }) as never),
      brokenMatches((update) => (update.failure ? update : ({ ...update, failure: null } as never))),
      brokenMatches((update) => (update.status === "read" ? { ...update, at: new Date(0) } : update)),
      broken((parked) => {
        const seen = new Set<string>();
        return {
          park(updates) {
            const first = updates.filter(({ wamid, status }) => !seen.has(`${wamid} ${status}`));
            for (const { wamid, status } of updates) seen.add(`${wamid} ${status}`);
            return parked.park(first);
          },
        };
      }),
    ],
    "An update that is kept already is kept once": broken((parked) => {
      const calls = new Map<string, number>();
      return {
        park(updates) {
          for (const text of updates.map(encodeStatusUpdate)) calls.set(text, (calls.get(text) ?? 0) + 1);
          return parked.park(updates);
        },
        matched: (limit) =>
          parked
            .matched(limit)
            .map((updates) =>
              updates.flatMap((update) =>
                Array.from({ length: calls.get(encodeStatusUpdate(update)) ?? 0 }, () => update),
              ),
            ),
      };
    }),
    "Beyond the capacity the oldest are dropped, and the answer says how many": [
      broken((parked) => ({ park: (updates) => parked.park(updates).map(() => ({ forgotten: 0 })) })),
      // The newest go.
      broken((parked, { parkedStatusCapacity }) => {
        const kept = new Set<string>();
        return {
          park(updates) {
            const fresh = updates.filter((update) => !kept.has(encodeStatusUpdate(update)));
            const fitting = fresh.slice(0, parkedStatusCapacity - kept.size);
            for (const update of fitting) kept.add(encodeStatusUpdate(update));
            return parked.park(fitting).map(() => ({ forgotten: fresh.length - fitting.length }));
          },
          drop(updates) {
            for (const update of updates) kept.delete(encodeStatusUpdate(update));
            return parked.drop(updates);
          },
        };
      }),
    ],
    "Up to `limit` kept updates": broken((parked) => ({ matched: (limit) => parked.matched(limit + 1) })),
    "kept updates whose `wamid` belongs to a message by now": [
      broken((parked) => {
        const all = new Map<string, StatusUpdate>();
        return {
          park(updates) {
            for (const update of updates) all.set(encodeStatusUpdate(update), update);
            return parked.park(updates).andTee(({ forgotten }) => {
              for (const text of [...all.keys()].slice(0, forgotten)) all.delete(text);
            });
          },
          matched: (limit) => okAsync([...all.values()].slice(0, limit)),
          drop(updates) {
            for (const update of updates) all.delete(encodeStatusUpdate(update));
            return parked.drop(updates);
          },
        };
      }),
      broken((parked) => {
        const wanted = new Set<string>();
        return {
          park: (updates) =>
            parked.park(updates).andThen((kept) =>
              parked.matched(100).map((present) => {
                for (const { wamid } of present) wanted.add(wamid);
                return kept;
              }),
            ),
          matched: (limit) => parked.matched(limit).map((updates) => updates.filter(({ wamid }) => wanted.has(wamid))),
        };
      }),
    ],
    "They stay until they are dropped": broken((parked) => ({
      matched: (limit) => parked.matched(limit).andThen((updates) => parked.drop(updates).map(() => updates)),
    })),
    "Drops updates": [
      broken(() => ({ drop: () => okAsync(undefined) })),
      broken((parked) => ({ drop: (updates) => parked.drop(updates.slice(0, 1)) })),
    ],
    "Dropping one that is not there changes nothing": [
      broken((parked) => ({
        drop: (updates) =>
          parked
            .matched(100)
            .andThen((present) =>
              parked.drop(present.filter(({ wamid }) => updates.some((update) => update.wamid === wamid))),
            ),
      })),
      broken((parked) => ({
        drop: (updates) =>
          updates.length === 0 ? parked.matched(100).andThen((present) => parked.drop(present)) : parked.drop(updates),
      })),
    ],
  },
});
