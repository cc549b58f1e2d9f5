import { okAsync } from "neverthrow";

import { encodeStatusUpdate } from "../../codecs/status-update.ts";
import type { StatusUpdate } from "../../domain/status-update.ts";
import type { ParkedStatuses } from "../../ports/store/parked-statuses.ts";
import type { SteadyTime } from "../../time/steady-time.ts";

/** Parked statuses that are matched when a message gets a WhatsApp id. */
export interface InMemoryParkedStatuses extends ParkedStatuses {
  /** A message now has this WhatsApp id. */
  match(wamid: string): void;
  readonly size: number;
  /** Forgets the statuses of a WhatsApp id. */
  forgetWamid(wamid: string): void;
  /** Forgets those whose WhatsApp id and encoded text are of this kind. */
  erase(matches: (wamid: string, text: string) => boolean): void;
  /** Forgets up to `limit` that were parked before a time. Returns how many there were. */
  forget(before: Date, limit: number): number;
}

interface Entry {
  readonly update: StatusUpdate;
  readonly at: number;
}

/** `known` contains the WhatsApp ids of messages. */
export function createInMemoryParkedStatuses(
  time: SteadyTime,
  known: { has(wamid: string): boolean },
  capacity: number,
): InMemoryParkedStatuses {
  const parked = new Map<string, Entry>();
  const byWamid = new Map<string, Set<string>>();
  const matched = new Set<string>();

  function add(text: string, entry: Entry): void {
    const { wamid } = entry.update;
    parked.set(text, entry);
    byWamid.set(wamid, (byWamid.get(wamid) ?? new Set()).add(text));
    if (known.has(wamid)) matched.add(text);
  }

  function remove(text: string): void {
    const entry = parked.get(text);
    if (!entry) return;
    const { wamid } = entry.update;
    parked.delete(text);
    matched.delete(text);
    const others = byWamid.get(wamid);
    others?.delete(text);
    if (others?.size === 0) byWamid.delete(wamid);
  }

  function forgetOldest(count: number): number {
    let left = count;
    for (const text of parked.keys()) {
      if (left === 0) break;
      remove(text);
      left -= 1;
    }
    return count;
  }

  return {
    park(updates) {
      const at = time.now();
      for (const update of updates) {
        const text = encodeStatusUpdate(update);
        if (!parked.has(text)) add(text, { update, at });
      }
      return okAsync({ forgotten: forgetOldest(Math.max(0, parked.size - capacity)) });
    },
    matched(limit) {
      const found = [...matched].flatMap((text) => parked.get(text)?.update ?? []);
      return okAsync(found.filter(({ wamid }) => known.has(wamid)).slice(0, limit));
    },
    drop(updates) {
      for (const update of updates) remove(encodeStatusUpdate(update));
      return okAsync(undefined);
    },
    get size() {
      return parked.size;
    },
    match(wamid) {
      if (byWamid.size === 0) return;
      for (const text of byWamid.get(wamid) ?? []) matched.add(text);
    },
    forgetWamid(wamid) {
      for (const text of byWamid.get(wamid) ?? []) remove(text);
    },
    erase(isErased) {
      for (const [text, { update }] of parked) if (isErased(update.wamid, text)) remove(text);
    },
    forget(before, limit) {
      const limitAt = time.of(before);
      const old = [...parked].filter(([, { at }]) => at < limitAt).slice(0, limit);
      for (const [text] of old) remove(text);
      return old.length;
    },
  };
}
