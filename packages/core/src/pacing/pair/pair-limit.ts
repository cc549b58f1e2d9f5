import type { Submitted } from "../../ports/transport.ts";
import type { Hold } from "../hold.ts";
import { createRetrySpread, type RetrySpread } from "../retry-spread.ts";

/** The state of one sender-recipient pair. There are many pairs, so it is plain data. */
export interface PairDebt {
  /** Messages sent since the debt was last repaid. */
  sent: number;
  /** Until when more may be sent on credit. */
  creditEndsAt: number;
  repaidAt: number;
  /** How many rejections in a row there were, and until when they pause the pair. */
  rejections: number;
  pausedUntil: number;
  spread?: RetrySpread;
}

/**
 * WhatsApp accepts one message every six seconds from one number to one recipient. A burst may be sent on credit within six
 * seconds, but then nothing until six seconds for each message have passed. It rejects a message that is sent too early, and then
 * all messages for 4^X seconds, X being the number of rejections in a row (Cloud API, "Pair rate limits").
 */
export interface PairLimit {
  /** When the next message may start; a past time means now. */
  allowedAt(debt: PairDebt, now: number): number;
  /** Why and until when a message has to wait that has `ahead` others before it. */
  hold(debt: PairDebt, ahead: number, now: number): Hold;
  reportOutcome(debt: PairDebt, submitted: Submitted, startedAt: number, now: number): void;
  isIdle(debt: PairDebt, now: number): boolean;
}

const perMessageMs = 6000;
/** The last message on credit must arrive within the six seconds. */
const creditMs = perMessageMs - 100;
/** With a second of slack: a late answer must not delay the next message. */
const perReturnMs = perMessageMs + 1000;
const longestPauseMs = 300_000;

export function noDebt(): PairDebt {
  return { sent: 0, creditEndsAt: 0, repaidAt: 0, rejections: 0, pausedUntil: 0 };
}

/** Without a `burst` it counts nothing: a pair pauses only after a rejection. */
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
    debt.pausedUntil = now + Math.min(1000 * 4 ** debt.rejections, longestPauseMs);
    debt.rejections += 1;
  }

  return {
    allowedAt: (debt, now) => (credit(debt, now) > 0 ? debt.pausedUntil : Math.max(debt.pausedUntil, debt.repaidAt)),

    hold(debt, ahead, now) {
      const { sent, repaidAt, rejections, pausedUntil } = debt;
      const left = credit(debt, now);
      const bursts = burst === undefined ? 0 : Math.floor((ahead - left) / burst);
      const turnAt = ahead < left ? now : Math.max(repaidAt, now) + perMessageMs * (left + bursts * (burst ?? 0));
      const isRejected = pausedUntil > turnAt;
      return {
        until: isRejected ? pausedUntil : turnAt,
        cause: "limit",
        waitsFor: "pair",
        reason: isRejected
          ? `WhatsApp's pair limit has rejected ${rejections} messages to this recipient in a row`
          : `${sent + ahead} messages to this recipient are ahead, and WhatsApp accepts one every six seconds`,
        // Created by the first refusal: most waiters are never refused.
        spread: (at) => (debt.spread ??= createRetrySpread(() => (burst === undefined ? 0 : perReturnMs)))(at),
      };
    },

    /** Does not count an attempt without an answer: its retry waits by the schedule, and WhatsApp still has error 131056. */
    reportOutcome(debt, submitted, startedAt, now) {
      if (submitted.kind === "Accepted") debt.rejections = 0;
      if (submitted.kind === "Accepted" || (submitted.kind === "Ambiguous" && submitted.sawSuccess)) {
        if (burst !== undefined) count(debt, startedAt, now);
      } else if (submitted.kind === "Throttled" && submitted.scope === "pair" && startedAt >= debt.pausedUntil) {
        pause(debt, now);
      }
    },

    isIdle: ({ repaidAt, pausedUntil, rejections }, now) =>
      now >= repaidAt && now >= pausedUntil + (rejections > 0 ? longestPauseMs : 0),
  };
}
