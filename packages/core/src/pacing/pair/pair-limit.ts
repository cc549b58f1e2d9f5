import type { Submitted } from "../../ports/transport.ts";
import type { Hold } from "../hold.ts";
import { createRetrySpread, type RetrySpread } from "../retry-spread.ts";

/** The messages that one number owes to one recipient's limit. There are many pairs, so this holds no functions. */
export interface PairDebt {
  /** Messages sent since the debt was last repaid. */
  sent: number;
  /** Until when more may be sent on credit. */
  creditEndsAt: number;
  repaidAt: number;
  /** How often WhatsApp refused in a row, and until when the pair is paused for that. */
  refusals: number;
  pausedUntil: number;
  spread?: RetrySpread;
}

/**
 * WhatsApp takes one message every six seconds from one number to one recipient. A burst may be sent on credit within six
 * seconds, and then nothing until six seconds for each have passed. A message sent too early is refused, for 4^X seconds after X
 * refusals in a row (Cloud API, "Pair rate limits").
 */
export interface PairLimit {
  /** When the next message may start; in the past where it may now. */
  allowedAt(debt: PairDebt, now: number): number;
  /** What a message has to wait for that has `ahead` others before it. */
  hold(debt: PairDebt, ahead: number, now: number): Hold;
  reportOutcome(debt: PairDebt, submitted: Submitted, startedAt: number, now: number): void;
  isIdle(debt: PairDebt, now: number): boolean;
}

const perMessageMs = 6000;
/** The last message on credit must arrive before the six seconds are over. */
const creditMs = perMessageMs - 100;
/** A second of slack, so that a late answer does not delay the next message. */
const perReturnMs = perMessageMs + 1000;
const longestPauseMs = 300_000;

export function noDebt(): PairDebt {
  return { sent: 0, creditEndsAt: 0, repaidAt: 0, refusals: 0, pausedUntil: 0 };
}

/** Without a `burst` nothing is counted: a pair pauses only when WhatsApp refuses. */
export function createPairLimit(burst: number | undefined): PairLimit {
  /** How many may start at once. */
  function credit({ sent, creditEndsAt, repaidAt }: PairDebt, now: number): number {
    if (burst === undefined) return Infinity;
    if (now >= repaidAt) return burst;
    return now < creditEndsAt ? Math.max(0, burst - sent) : 0;
  }

  function count(debt: PairDebt, startedAt: number, now: number): void {
    if (startedAt >= debt.repaidAt) {
      debt.sent = 0;
      debt.creditEndsAt = startedAt + creditMs;
      debt.repaidAt = now;
    }
    debt.sent += 1;
    debt.repaidAt += perMessageMs;
  }

  function pause(debt: PairDebt, now: number): void {
    debt.pausedUntil = now + Math.min(1000 * 4 ** debt.refusals, longestPauseMs);
    debt.refusals += 1;
  }

  return {
    allowedAt: (debt, now) => (credit(debt, now) > 0 ? debt.pausedUntil : Math.max(debt.pausedUntil, debt.repaidAt)),

    hold(debt, ahead, now) {
      const { sent, repaidAt, refusals, pausedUntil } = debt;
      const left = credit(debt, now);
      const bursts = burst === undefined ? 0 : Math.floor((ahead - left) / burst);
      const turnAt = ahead < left ? now : Math.max(repaidAt, now) + perMessageMs * (left + bursts * (burst ?? 0));
      const isRefused = pausedUntil > turnAt;
      return {
        until: isRefused ? pausedUntil : turnAt,
        cause: "limit",
        reason: isRefused
          ? `WhatsApp's pair limit has refused ${refusals} messages to this recipient in a row`
          : `${sent + ahead} messages to this recipient are ahead, and WhatsApp takes one every six seconds`,
        spread: (debt.spread ??= createRetrySpread(burst === undefined ? 0 : perReturnMs)),
      };
    },

    /** An attempt without an answer is not counted: its retry waits by the schedule, and WhatsApp still has error 131056. */
    reportOutcome(debt, submitted, startedAt, now) {
      if (submitted.kind === "Accepted") debt.refusals = 0;
      if (submitted.kind === "Accepted" || (submitted.kind === "Ambiguous" && submitted.sawSuccess)) {
        if (burst !== undefined) count(debt, startedAt, now);
      } else if (submitted.kind === "Throttled" && submitted.scope === "pair" && startedAt >= debt.pausedUntil) {
        pause(debt, now);
      }
    },

    isIdle: ({ repaidAt, pausedUntil, refusals }, now) =>
      now >= repaidAt && now >= pausedUntil + (refusals > 0 ? longestPauseMs : 0),
  };
}
