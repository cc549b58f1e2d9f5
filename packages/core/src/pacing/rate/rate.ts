import { createLatencyFloor } from "./latency-floor.ts";

/** The rate of one number: at most `limit` messages within any second, wherever that second begins. */
export interface Rate {
  /** When the next message may start; a past time means now. */
  allowedAt(now: number): number;
  /** The same for a message from a queue. After a wait, queued messages start one by one and not in a burst. */
  queuedAllowedAt(now: number): number;
  /** When a message may start that has `ahead` others before it, if none starts before `from`: an estimate. */
  expectedAt(ahead: number, from: number): number;
  /** Records the start of a message. */
  take(now: number): void;
  /** Records the answer to the message that started at `since`. */
  answered(since: number, now: number): void;
  /** Records that no message is queued any more. */
  queueEmptied(): void;
  /** Halves the rate after WhatsApp throttled a message that started at `since`. Returns false if it was halved after that start. */
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

const jitterMs = 80;
/** A second, plus the jitter of the time to WhatsApp. */
export const windowMs = 1000 + jitterMs;
/** Queued messages start a little faster than the rate, to make up for lost time. */
const spacing = 0.75;
const regainEveryMs = 1000;
const regainedShare = 0.1;
const usageFrom = 75;
/** While the usage is high, each answer repeats it. */
const usageMs = 60_000;

export function createRate(initialLimit: number): Rate {
  let limit = initialLimit;
  /** When the last `limit` messages started, in order. */
  let times = new Float64Array(limit).fill(-Infinity);
  const floor = createLatencyFloor();
  let spacedAt = -Infinity;
  let hasWaited = false;
  let slowed = { share: 1, at: -Infinity };
  let usage = { share: 1, until: -Infinity };

  function regained(now: number): number {
    return Math.min(1, slowed.share + regainedShare * Math.floor((now - slowed.at) / regainEveryMs));
  }

  function perSecond(now: number): number {
    return atShare(Math.min(slowed.share < 1 ? regained(now) : 1, usageShare(now)));
  }

  function usageShare(now: number): number {
    return now < usage.until ? usage.share : 1;
  }

  function atShare(share: number): number {
    return Math.max(1, Math.floor(limit * share + 1e-9));
  }

  function allowedAt(now: number): number {
    return (times[limit - perSecond(now)] ?? 0) + windowMs;
  }

  /** Replaces one start time and keeps the list sorted. */
  function replace(index: number, at: number): void {
    let last = limit - 1;
    while (last > index && (times[last] ?? 0) > at) last -= 1;
    times.copyWithin(index, index + 1, last + 1);
    times[last] = at;
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
    expectedAt(ahead, from) {
      // A halved rate recovers within seconds; a usage header's share lasts.
      const most = atShare(usageShare(from));
      const freed = (times[limit - most + (ahead % most)] ?? 0) + windowMs;
      return Math.max(freed, from) + windowMs * Math.floor(ahead / most);
    },
    take(now) {
      replace(0, now);
      if (hasWaited) spacedAt = Math.max(spacedAt, now - jitterMs) + (spacing * windowMs) / perSecond(now);
    },
    answered(since, now) {
      const lateBy = now - since - floor.ms - jitterMs;
      if (lateBy > 0) replace(Math.max(0, times.indexOf(since)), since + lateBy);
      floor.add(now - since, since);
    },
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
    halve(since, now) {
      if (since <= slowed.at) return false;
      slowed = { share: Math.max(regained(now) / 2, 1 / limit), at: now };
      return true;
    },
    applyUsage(percent, now) {
      if (Number.isNaN(percent)) return;
      const share = Math.min(1, Math.max((100 - percent) / (100 - usageFrom), 1 / limit));
      usage = { share, until: now + usageMs };
    },
  };
}
