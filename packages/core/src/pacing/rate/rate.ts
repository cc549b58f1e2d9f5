import { createLatencyFloor } from "./latency-floor.ts";
import { createSlowdown } from "./slowdown.ts";

/** When a request may be sent. */
export interface Slot {
  /** `Infinity` while it is being booked. */
  slotAt: number;
  /** Set while it is being booked. Resolves to undefined once `slotAt` is known, or to why there is none. */
  booking?: Promise<string | undefined> | undefined;
}

/** The rate of one number: at most `limit` messages within any second, wherever that second begins. */
export interface Rate {
  /** When the next message may start; a past time means now. */
  allowedAt(now: number): number;
  /** The same for a message from a queue. After a wait, queued messages start one by one and not in a burst. */
  queuedAllowedAt(now: number): number;
  /** When a message may start that has `ahead` others before it, if none starts before `from`: an estimate. */
  expectedAt(ahead: number, from: number, now: number): number;
  /** Records that a message starts. Its slot may be known already. */
  start(slot: Slot, now: number): void;
  /** Its request is ready now: gives it a slot, or another one if it is too late for the one that it has, from `from` on. */
  ready(slot: Slot, now: number, from: number): void;
  /** Gives back a slot in which nothing is sent. */
  giveBack(slot: Slot): void;
  /** Records that a message has ended, whether it was sent or not. */
  ended(slot: Slot): void;
  /** Records the answer to the message that was sent in the slot. */
  answered(slot: Slot, now: number): void;
  /** Records that a message joined the queue. */
  queued(now: number): void;
  /** Records that no message is queued any more. */
  queueEmptied(): void;
  /** Halves the rate after WhatsApp throttled a message that was sent at `since`. Returns false if it was halved after that. */
  halve(since: number, now: number): boolean;
  /** Lowers the rate for a usage header that says that `percent` of a limit is used up. */
  applyUsage(percent: number, now: number): void;
  /** The current rate, in messages per second. */
  perSecond(now: number): number;
  /** The full rate, in messages per second. */
  readonly limit: number;
  /** Changes the full rate. Messages that started before still count. */
  setLimit(limit: number): void;
}

const jitterMs = 100;
/** How long after its slot a message may be sent. The rest is for the way to WhatsApp, and for clocks that differ. */
export const lateMs = 60;
/**
 * A second, plus the jitter of the time to WhatsApp. No booked slot is used after so long: where time lines were lost, new slots begin
 * then.
 */
export const rateWindowMs = 1000 + jitterMs;
/** Queued messages start a little faster than the rate, to make up for lost time. */
const spacing = 0.75;

export function createRate(initialLimit: number): Rate {
  let limit = initialLimit;
  /** When the last `limit` messages started, in order. */
  let times = new Float64Array(limit).fill(-Infinity);
  const floor = createLatencyFloor();
  let spacedAt = -Infinity;
  let hasWaited = false;
  const slowdown = createSlowdown(() => limit);

  const perSecond = (now: number): number => perSecondAt(limit, slowdown.share(now));

  function allowedAt(now: number): number {
    return (times[limit - perSecond(now)] ?? 0) + rateWindowMs;
  }

  /** Replaces one start time and keeps the list sorted. */
  function replace(index: number, at: number): void {
    let last = limit - 1;
    while (last > index && (times[last] ?? 0) > at) last -= 1;
    times.copyWithin(index, index + 1, last + 1);
    times[last] = at;
  }

  function take(slot: Slot, from: number): void {
    const slotAt = Math.max(from, allowedAt(from), hasWaited ? spacedAt : 0);
    replace(0, slotAt);
    if (hasWaited) spacedAt = Math.max(spacedAt, slotAt - jitterMs) + (spacing * rateWindowMs) / perSecond(from);
    slot.slotAt = slotAt;
  }

  function giveBack({ slotAt }: Slot): void {
    const index = times.indexOf(slotAt);
    if (index === -1) return;
    times.copyWithin(1, 0, index);
    times[0] = -Infinity;
  }

  return {
    get limit() {
      return limit;
    },
    perSecond,
    allowedAt,
    queuedAllowedAt(now) {
      const at = allowedAt(now);
      if (at > now) {
        hasWaited = true;
        spacedAt = Math.max(spacedAt, at);
      }
      return hasWaited ? Math.max(at, spacedAt) : at;
    },
    expectedAt(ahead, from, now) {
      // A halved rate recovers within seconds; a usage header's share lasts.
      const most = perSecondAt(limit, slowdown.lastingShare(from));
      const freed = (times[limit - most + (ahead % most)] ?? 0) + rateWindowMs;
      return Math.max(Math.max(freed, from) + rateWindowMs * Math.floor(ahead / most), allowedAt(now));
    },
    start: take,
    ready(slot, now, from) {
      if (now <= slot.slotAt + lateMs) return;
      giveBack(slot);
      take(slot, from);
    },
    giveBack,
    ended: () => {},
    answered({ slotAt }, now) {
      const lateBy = now - slotAt - floor.ms - jitterMs;
      if (lateBy > 0) replace(Math.max(0, times.indexOf(slotAt)), slotAt + lateBy);
      floor.add(now - slotAt, slotAt);
    },
    queued: () => {},
    queueEmptied() {
      hasWaited = false;
    },
    setLimit(next) {
      const newest = times.subarray(Math.max(0, limit - next));
      const kept = new Float64Array(next).fill(-Infinity);
      kept.set(newest, next - newest.length);
      times = kept;
      limit = next;
    },
    halve: slowdown.halve,
    applyUsage: slowdown.applyUsage,
  };
}

/** A share of a limit: whole messages per second, and at least one. */
export function perSecondAt(limit: number, share: number): number {
  return Math.max(1, Math.floor(limit * share + 1e-9));
}
