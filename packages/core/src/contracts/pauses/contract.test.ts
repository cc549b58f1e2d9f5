import { okAsync } from "neverthrow";

import { hasEnded, type Pause } from "../../domain/pause.ts";
import type { Pauses } from "../../ports/store/pauses.ts";
import { breaking, inMemoryStore } from "../../../test/in-memory-store.ts";
import { describeSabotage } from "../sabotage.ts";
import { describePausesContract, pausesContract } from "./contract.ts";

const setup = inMemoryStore;
const broken = (change: (pauses: Pauses) => Partial<Pauses>) => breaking("pauses", change);
const kept = (spoil: (pause: Pause) => Pause) => broken(({ add }) => ({ add: (pause) => add(spoil(pause)) }));
const seconds = (at: Date) => new Date(1000 * Math.floor(at.getTime() / 1000));

describePausesContract({ name: "in-memory store", setup });

describeSabotage(pausesContract, {
  setup,
  sabotages: {
    "Adds a pause, to the last code point and millisecond": [
      kept((pause) => ({ ...pause, reason: pause.reason.normalize() })),
      kept(({ language: _, ...pause }) => pause),
      kept((pause) => (pause.kind === "template" && pause.until ? { ...pause, until: seconds(pause.until) } : pause)),
    ],
    "It replaces the one of the same id": [
      broken(({ add, list }) => ({
        add: (pause) =>
          list().andThen((all) => (all.some(({ id }) => id === pause.id) ? okAsync(undefined) : add(pause))),
      })),
      broken(({ add, list }) => ({
        add: (pause) => list().andThen((all) => add({ ...all.find(({ id }) => id === pause.id), ...pause })),
      })),
    ],
    "Lists every pause, in the order of their ids": [
      broken(({ list }) => ({ list: () => list().map((all) => (all.length > 100 ? all.slice(0, 100) : all)) })),
      broken(({ list }) => ({
        list: () => list().map((all) => all.toSorted((a, b) => a.id.localeCompare(b.id, "en"))),
      })),
    ],
    "One that has ended by itself is listed until it is removed": broken(({ list }) => ({
      list: () => list().map((all) => all.filter((pause) => pause.kind !== "outlet" || !hasEnded(pause, pause.at))),
    })),
    "Finds the pause of this id. One that has ended by itself is found until it is removed": [
      broken(({ find }) => ({
        find: (id) => find(id).map((pause) => (pause && hasEnded(pause, pause.at) ? undefined : pause)),
      })),
      broken(({ list }) => ({
        find: (id) => list().map((all) => all.find((one) => one.id.toLowerCase() === id.toLowerCase())),
      })),
      broken(({ list }) => ({ find: (id) => list().map((all) => all.find((one) => one.id.startsWith(id))) })),
    ],
    "Removes the pause of this id and returns whether there was one": [
      broken(({ remove }) => ({ remove: (id) => remove(id).map(() => true) })),
      broken(({ remove, list }) => ({
        remove: (id) =>
          list()
            .andThen((all) => remove(all.find((one) => one.id.toLowerCase() === id.toLowerCase())?.id ?? id))
            .map((was) => was),
      })),
    ],
    "Removes the pauses whose `until` is not later than `at`": [
      broken(({ removeEnded }) => ({ removeEnded: (at) => removeEnded(new Date(at.getTime() - 1)) })),
      broken(({ removeEnded }) => ({ removeEnded: (at) => removeEnded(new Date(at.getTime() + 1)) })),
    ],
  },
});
