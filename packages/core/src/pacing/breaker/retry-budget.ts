import { createRecentCount } from "./recent-count.ts";

/**
 * How many retries the process may make in ten seconds. Each number may retry 15 % of its own first attempts. In addition all
 * numbers share a pool of a tenth of all first attempts, or of 100 where that is more. One number may take less than what is
 * left in the pool, and failing numbers together half of it, so that no number uses up what others need.
 */
export interface RetryBudget {
  /** The share of one more number. */
  createShare(): RetryShare;
}

/** What one number may retry. */
export interface RetryShare {
  /** When a retry may start; in the past where it may now. */
  allowedAt(now: number): number;
  /** When a retry with `ahead` others before it may start, as far as is known. */
  expectedAt(ahead: number, now: number): number;
  take(isRetry: boolean, now: number): void;
  /** A call of the number failed, or worked. */
  reportOutcome(failed: boolean): void;
}

const ownShare = 0.15;
const commonShare = 0.1;
const leastCommon = 100;
const seconds = 10;
/** A number counts as failing after three failed calls in a row: a moving average in which the latest call weighs a quarter. */
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

    const allowedAt = (now: number): number => (ownLeft(now) > 0 || mayTakeCommon(now) ? 0 : nextSecond(now));

    return {
      allowedAt,
      expectedAt(ahead, now) {
        // A number alone gets half of the pool.
        const most = ownShare * firsts.total(now) + commonOf(now) / 2;
        const left = Math.max(0, most - own.total(now) - common.total(now));
        return ahead < left ? allowedAt(now) : nextSecond(now) + 1000 * Math.floor((ahead - left) / (most / seconds));
      },
      take(isRetry, now) {
        if (!isRetry) {
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
