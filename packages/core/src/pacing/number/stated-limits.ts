/** What the credentials of one number say about its rate. */
export interface StatedLimits {
  /** Whether no credential says anything. */
  readonly isEmpty: boolean;
  /** Notes what a credential says now, or that it says nothing. Returns the lowest that one in use says. */
  note(credential: string, perSecond: number | undefined, now: number): number | undefined;
}

interface Stated {
  readonly perSecond: number;
  notedAt: number;
}

/** A credential is cached for five minutes. One that was not used for as long says nothing any more. */
const forgottenAfterMs = 300_000;
const checkedEveryMs = 60_000;

export function createStatedLimits(): StatedLimits {
  const stated = new Map<string, Stated>();
  let lowest: number | undefined;
  let checkedAt = -Infinity;

  function check(now: number): void {
    checkedAt = now;
    lowest = undefined;
    for (const [credential, { perSecond, notedAt }] of stated) {
      if (now - notedAt > forgottenAfterMs) stated.delete(credential);
      else lowest = Math.min(lowest ?? perSecond, perSecond);
    }
  }

  return {
    get isEmpty() {
      return stated.size === 0;
    },
    note(credential, perSecond, now) {
      const known = stated.get(credential);
      const isChanged = known?.perSecond !== perSecond;
      if (known && !isChanged) known.notedAt = now;
      else if (perSecond === undefined) stated.delete(credential);
      else stated.set(credential, { perSecond, notedAt: now });
      if (isChanged || now - checkedAt >= checkedEveryMs) check(now);
      return lowest;
    },
  };
}
