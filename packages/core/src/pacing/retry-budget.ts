import { createRecentCount } from "./recent-count.ts";

/** Of a number's attempts in ten seconds, repeats are at most a fifth of the first ones, or a hundred where those are few. */
export interface RetryBudget {
  /** When a repeat may begin; in the past where it may now. */
  opensAt(now: number): number;
  /** When a repeat with `ahead` others before it may begin, by all that is known. */
  expectedAt(ahead: number, now: number): number;
  take(isRepeat: boolean, now: number): void;
}

const share = 0.2;
const least = 100;
const seconds = 10;

export function createRetryBudget(): RetryBudget {
  const firsts = createRecentCount();
  const repeats = createRecentCount();

  const budget = (now: number): number => Math.max(share * firsts.total(now), least);
  const nextSecond = (now: number): number => (Math.floor(now / 1000) + 1) * 1000;

  const opensAt = (now: number): number => (repeats.total(now) < budget(now) ? 0 : nextSecond(now));

  return {
    opensAt,
    expectedAt(ahead, now) {
      const left = Math.max(0, budget(now) - repeats.total(now));
      return ahead < left
        ? opensAt(now)
        : nextSecond(now) + 1000 * Math.floor((ahead - left) / (budget(now) / seconds));
    },
    take: (isRepeat, now) => (isRepeat ? repeats : firsts).add(now),
  };
}
