import { okAsync } from "neverthrow";

import { encodeStatusUpdate, type StatusUpdate } from "../domain/status-update.ts";
import type { Clock } from "../ports/clock.ts";
import type { ParkedStatuses } from "../ports/parked-statuses.ts";

export interface InMemoryParkedStatuses extends ParkedStatuses {
  /** Forgets up to `limit` that came before a time; gives how many those were. */
  forget(before: Date, limit: number): number;
}

/** `known` has the ids that messages have. */
export function createInMemoryParkedStatuses(
  clock: Clock,
  known: { has(wamid: string): boolean },
): InMemoryParkedStatuses {
  const parked = new Map<string, { readonly update: StatusUpdate; readonly at: Date }>();

  return {
    park(updates) {
      const at = clock.now();
      for (const update of updates) {
        const text = encodeStatusUpdate(update);
        if (!parked.has(text)) parked.set(text, { update, at });
      }
      return okAsync(undefined);
    },
    matched(limit) {
      const matched = [...parked.values()].filter(({ update }) => known.has(update.wamid));
      return okAsync(matched.slice(0, limit).map(({ update }) => update));
    },
    drop(updates) {
      for (const update of updates) parked.delete(encodeStatusUpdate(update));
      return okAsync(undefined);
    },
    forget(before, limit) {
      const old = [...parked].filter(([, { at }]) => at < before).slice(0, limit);
      for (const [text] of old) parked.delete(text);
      return old.length;
    },
  };
}
