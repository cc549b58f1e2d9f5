import { createUsualTime } from "./usual-time.ts";

/** So many at most within any second, wherever that begins. */
export interface Rate {
  /** When the next one may begin; in the past where it may now. */
  opensAt(now: number): number;
  /** The same for one who stands in line: those who had to wait for the rate go one by one and not in a burst. */
  turnAt(now: number): number;
  /** The earliest turn of somebody with `ahead` others before them, if nobody goes before `from`. */
  expectedAt(ahead: number, from: number): number;
  take(now: number): void;
  /** What was taken at `since` was answered. */
  answered(since: number, now: number): void;
  /** Nobody is in line any more. */
  lineEnded(): void;
  /** Halves the rate, for what WhatsApp refused to a submission of `since`; gives whether that had not been heeded yet. */
  slow(since: number, now: number): boolean;
  /** Slows down with the share of a limit that is used up, in percent. */
  heed(percent: number, now: number): void;
  /** How many within a second it is at present. */
  perSecond(now: number): number;
  readonly limit: number;
}

const jitterMs = 80;
/** A second, and what the ways to WhatsApp may differ by. */
export const windowMs = 1000 + jitterMs;
/** Those in line go a little faster than the rate, so that time that was lost is made up for. */
const spacing = 0.75;
const regainEveryMs = 1000;
const regainedShare = 0.1;
const heededFrom = 75;
/** Each answer says it anew, if it is still so. */
const heededMs = 60_000;

export function createRate(limit: number): Rate {
  const times = new Float64Array(limit).fill(-Infinity);
  const usual = createUsualTime();
  let spacedAt = -Infinity;
  let hadToWait = false;
  let slowed = { share: 1, at: -Infinity };
  let heeded = { share: 1, until: -Infinity };

  function regained(now: number): number {
    return Math.min(1, slowed.share + regainedShare * Math.floor((now - slowed.at) / regainEveryMs));
  }

  function perSecond(now: number): number {
    return atShare(Math.min(slowed.share < 1 ? regained(now) : 1, heededShare(now)));
  }

  function heededShare(now: number): number {
    return now < heeded.until ? heeded.share : 1;
  }

  function atShare(share: number): number {
    return Math.max(1, Math.floor(limit * share + 1e-9));
  }

  function opensAt(now: number): number {
    return (times[limit - perSecond(now)] ?? 0) + windowMs;
  }

  /** Takes one time out and puts another one in; they lie in their order. */
  function replace(index: number, at: number): void {
    let last = limit - 1;
    while (last > index && (times[last] ?? 0) > at) last -= 1;
    times.copyWithin(index, index + 1, last + 1);
    times[last] = at;
  }

  return {
    limit,
    perSecond,
    opensAt,
    turnAt(now) {
      const at = opensAt(now);
      if (at > now) {
        hadToWait = true;
        spacedAt = Math.max(spacedAt, at);
      }
      return hadToWait ? Math.max(at, spacedAt) : at;
    },
    expectedAt(ahead, from) {
      // What was slowed is soon regained; what a usage header says stays as it is.
      const most = atShare(heededShare(from));
      const freed = (times[limit - most + (ahead % most)] ?? 0) + windowMs;
      return Math.max(freed, from) + windowMs * Math.floor(ahead / most);
    },
    take(now) {
      replace(0, now);
      if (hadToWait) spacedAt = Math.max(spacedAt, now - jitterMs) + (spacing * windowMs) / perSecond(now);
    },
    answered(since, now) {
      const lateBy = now - since - usual.ms - jitterMs;
      if (lateBy > 0) replace(Math.max(0, times.indexOf(since)), since + lateBy);
      usual.add(now - since, since);
    },
    lineEnded() {
      hadToWait = false;
    },
    slow(since, now) {
      if (since <= slowed.at) return false;
      slowed = { share: Math.max(regained(now) / 2, 1 / limit), at: now };
      return true;
    },
    heed(percent, now) {
      if (Number.isNaN(percent)) return;
      const share = Math.min(1, Math.max((100 - percent) / (100 - heededFrom), 1 / limit));
      heeded = { share, until: now + heededMs };
    },
  };
}
