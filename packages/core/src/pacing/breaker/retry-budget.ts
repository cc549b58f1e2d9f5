import { createRecentCount } from "./recent-count.ts";

/**
 * How many retries the process may make in ten seconds. Each number may retry 15 % of its own first attempts. In addition, all
 * numbers share a pool of 10 % of all first attempts, but at least 100. One number may take no more than it leaves in the pool, and
 * failing numbers together may take half of it: no number uses up what others need.
 */
export interface RetryBudget {
  /** Creates the share of a number. */
  createShare(): RetryShare;
}

/** How many retries one number may make. */
export interface RetryShare {
  /** When a retry may start; a past time means now. */
  allowedAt(now: number): number;
  /** When a retry may start that has `ahead` others before it: an estimate. */
  expectedAt(ahead: number, now: number): number;
  /** Records the start of a first attempt or a retry. */
  take(isRetry: boolean, now: number): void;
  /** Records whether a call of the number failed. */
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
        // Alone, a number gets half of the pool.
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
