import type { Submitted } from "../../ports/transport.ts";
import type { Hold } from "../hold.ts";
import { createReturnTimes, type ReturnTimes } from "../return-times.ts";

/** What is known of one number and one recipient. There are many of them, so they hold no functions. */
export interface PairDebt {
  /** How many were sent since the debt was paid off. */
  sent: number;
  /** Until when more may be sent on credit. */
  creditEndsAt: number;
  repaidAt: number;
  /** How often WhatsApp refused in a row, and until when it is left alone for that. */
  refusals: number;
  closedUntil: number;
  returnAt?: ReturnTimes;
}

/**
 * From one number to one recipient WhatsApp takes a message in six seconds. More may be sent within six seconds on credit, and
 * then nothing until six seconds for each have passed; who tries before is told to wait for 4^X seconds, X counting the
 * refusals before (Cloud API, "Pair rate limits").
 */
export interface PairLimit {
  /** When the next message may begin; in the past where it may now. */
  opensAt(debt: PairDebt, now: number): number;
  /** What keeps somebody with `ahead` others before them. */
  hold(debt: PairDebt, ahead: number, now: number): Hold;
  reportOutcome(debt: PairDebt, submitted: Submitted, startedAt: number, now: number): void;
  isIdle(debt: PairDebt, now: number): boolean;
}

const perMessageMs = 6000;
/** The last one on credit must not arrive when the six seconds are over. */
const creditMs = perMessageMs - 100;
/** Who comes back a little late, or is answered late, does not keep the next one. */
const perReturnMs = perMessageMs + 1000;
const longestPauseMs = 300_000;

export function noDebt(): PairDebt {
  return { sent: 0, creditEndsAt: 0, repaidAt: 0, refusals: 0, closedUntil: 0 };
}

/** Without a `burst` nothing is counted, and only what WhatsApp refuses closes a pair. */
export function createPairLimit(burst: number | undefined): PairLimit {
  /** How many may go at once. */
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

  function close(debt: PairDebt, now: number): void {
    debt.closedUntil = now + Math.min(1000 * 4 ** debt.refusals, longestPauseMs);
    debt.refusals += 1;
  }

  return {
    opensAt: (debt, now) => (credit(debt, now) > 0 ? debt.closedUntil : Math.max(debt.closedUntil, debt.repaidAt)),

    hold(debt, ahead, now) {
      const { sent, repaidAt, refusals, closedUntil } = debt;
      const left = credit(debt, now);
      const bursts = burst === undefined ? 0 : Math.floor((ahead - left) / burst);
      const turnAt = ahead < left ? now : Math.max(repaidAt, now) + perMessageMs * (left + bursts * (burst ?? 0));
      const isRefused = closedUntil > turnAt;
      return {
        until: isRefused ? closedUntil : turnAt,
        cause: "limit",
        reason: isRefused
          ? `WhatsApp's pair limit has refused ${refusals} messages to this recipient in a row`
          : `${sent + ahead} messages to this recipient go before it, and WhatsApp takes one in six seconds`,
        returnAt: (debt.returnAt ??= createReturnTimes(burst === undefined ? 0 : perReturnMs)),
      };
    },

    /** An attempt without an answer is not counted: its repeat has its slot in the schedule, and 131056 remains. */
    reportOutcome(debt, submitted, startedAt, now) {
      if (submitted.kind === "Accepted") debt.refusals = 0;
      if (submitted.kind === "Accepted" || (submitted.kind === "Ambiguous" && submitted.sawSuccess)) {
        if (burst !== undefined) count(debt, startedAt, now);
      } else if (submitted.kind === "Throttled" && submitted.scope === "pair" && startedAt >= debt.closedUntil) {
        close(debt, now);
      }
    },

    isIdle: ({ repaidAt, closedUntil, refusals }, now) =>
      now >= repaidAt && now >= closedUntil + (refusals > 0 ? longestPauseMs : 0),
  };
}
