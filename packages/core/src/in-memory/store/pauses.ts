import { okAsync } from "neverthrow";

import { hasEnded, type Pause } from "../../domain/pause.ts";
import type { Pauses } from "../../ports/store/pauses.ts";

/** Pauses in memory. */
export function createInMemoryPauses(): Pauses {
  const pauses = new Map<string, Pause>();

  return {
    add(pause) {
      pauses.set(pause.id, pause);
      return okAsync(undefined);
    },
    list: () => okAsync([...pauses.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))),
    find: (id) => okAsync(pauses.get(id)),
    remove: (id) => okAsync(pauses.delete(id)),
    removeEnded(at) {
      for (const pause of pauses.values()) if (hasEnded(pause, at)) pauses.delete(pause.id);
      return okAsync(undefined);
    },
  };
}
