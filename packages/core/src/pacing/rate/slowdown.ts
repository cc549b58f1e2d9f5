/** At which share of its limit a number sends, by what WhatsApp answered. */
export interface Slowdown {
  /** Above 0, at most 1. */
  share(now: number): number;
  /** The share that lasts: a halved rate recovers within seconds, and usage that is high stays so. */
  lastingShare(now: number): number;
  /** Halves the rate after WhatsApp throttled a message that was sent at `since`. Returns false if it was halved after that. */
  halve(since: number, now: number): boolean;
  /** Lowers the rate for a usage header that says that `percent` of a limit is used up. */
  applyUsage(percent: number, now: number): void;
  /** Takes over what another process was told, if it was told later. Returns whether it changes anything. */
  heed(slowed: Slowed | undefined, usage: Usage | undefined): boolean;
  readonly slowed: Slowed;
  readonly usage: Usage;
}

interface Slowed {
  readonly share: number;
  readonly at: number;
}

interface Usage {
  readonly share: number;
  readonly until: number;
}

const regainEveryMs = 1000;
const regainedShare = 0.1;
/** A usage in percent from which on the rate is lower. */
export const usageFrom = 75;
/** While the usage is high, each answer repeats it. */
export const usageMs = 60_000;

/** `limit`: the full rate. No share makes it less than one a second. */
export function createSlowdown(limit: () => number): Slowdown {
  let slowed: Slowed = { share: 1, at: -Infinity };
  let usage: Usage = { share: 1, until: -Infinity };

  function regained(now: number): number {
    if (slowed.share === 1) return 1;
    return Math.min(1, slowed.share + regainedShare * Math.floor((now - slowed.at) / regainEveryMs));
  }

  const lastingShare = (now: number): number => (now < usage.until ? usage.share : 1);

  return {
    share: (now) => Math.min(regained(now), lastingShare(now)),
    lastingShare,
    halve(since, now) {
      if (since <= slowed.at) return false;
      slowed = { share: Math.max(regained(now) / 2, 1 / limit()), at: now };
      return true;
    },
    applyUsage(percent, now) {
      if (Number.isNaN(percent)) return;
      const share = Math.min(1, Math.max((100 - percent) / (100 - usageFrom), 1 / limit()));
      usage = { share, until: now + usageMs };
    },
    heed(otherSlowed, otherUsage) {
      const isSlowed = otherSlowed !== undefined && isNews(otherSlowed, slowed);
      const isUsed = otherUsage !== undefined && otherUsage.until > usage.until;
      const isLess = isUsed && otherUsage.share !== usage.share;
      if (isSlowed) slowed = otherSlowed;
      if (isUsed) usage = otherUsage;
      return isSlowed || isLess;
    },
    get slowed() {
      return slowed;
    },
    get usage() {
      return usage;
    },
  };
}

/** What this process has reported itself comes back with a slightly different time. */
const sameWithinMs = 500;

function isNews(other: Slowed, known: Slowed): boolean {
  return other.at > known.at + (other.share === known.share ? sameWithinMs : 0);
}
