import { createRecentCount } from "./recent-count.ts";

/**
 * How many repeats the process may make in ten seconds: each number 15 % of its own first attempts, and beside that all
 * numbers together a tenth of all first attempts, or a hundred where those are few. Of what is common a number may have less
 * than what is left of it, and those that fail may have half of it, so that none takes what the others need.
 */
export interface RetryBudget {
  /** For one more number. */
  createShare(): RetryShare;
}

/** What one number may repeat. */
export interface RetryShare {
  /** When a repeat may begin; in the past where it may now. */
  opensAt(now: number): number;
  /** When a repeat with `ahead` others before it may begin, by all that is known. */
  expectedAt(ahead: number, now: number): number;
  take(isRepeat: boolean, now: number): void;
  /** A call of the number failed, or worked. */
  reportOutcome(failed: boolean): void;
}

const ownShare = 0.15;
const commonShare = 0.1;
const leastCommon = 100;
const seconds = 10;
/** A number fails after three calls in a row that did: each call weighs a quarter of all before it. */
const weight = 0.25;
const failsBelow = 0.5;

export function createRetryBudget(): RetryBudget {
  const allFirsts = createRecentCount();
  const allCommon = createRecentCount();
  const commonOfFailing = createRecentCount();
  const commonOf = (now: number): number => Math.max(commonShare * allFirsts.total(now), leastCommon);
  const nextSecond = (now: number): number => (Math.floor(now / 1000) + 1) * 1000;

  function createShare(): RetryShare {
    const firsts = createRecentCount();
    const own = createRecentCount();
    const common = createRecentCount();
    let health = 1;

    const ownLeft = (now: number): number => Math.floor(ownShare * firsts.total(now)) - own.total(now);
    const fails = (): boolean => health < failsBelow;

    function mayTakeCommon(now: number): boolean {
      const most = commonOf(now);
      const left = most - allCommon.total(now);
      return common.total(now) < (fails() ? Math.min(left, most / 2 - commonOfFailing.total(now)) : left);
    }

    const opensAt = (now: number): number => (ownLeft(now) > 0 || mayTakeCommon(now) ? 0 : nextSecond(now));

    return {
      opensAt,
      expectedAt(ahead, now) {
        // Alone, a number gets half of what is common.
        const most = ownShare * firsts.total(now) + commonOf(now) / 2;
        const left = Math.max(0, most - own.total(now) - common.total(now));
        return ahead < left ? opensAt(now) : nextSecond(now) + 1000 * Math.floor((ahead - left) / (most / seconds));
      },
      take(isRepeat, now) {
        if (!isRepeat) {
          firsts.add(now);
          allFirsts.add(now);
        } else if (ownLeft(now) > 0) own.add(now);
        else {
          common.add(now);
          allCommon.add(now);
          if (fails()) commonOfFailing.add(now);
        }
      },
      reportOutcome(failed) {
        health += weight * ((failed ? 0 : 1) - health);
      },
    };
  }

  return { createShare };
}
