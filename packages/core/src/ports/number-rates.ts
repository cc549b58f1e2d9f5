import type { ResultAsync } from "neverthrow";

import type { Unavailable } from "./unavailable.ts";

/**
 * The rates of phone numbers that several processes send from. Each number has a time line of slots, and a request may be sent in
 * a slot that was booked for it. All times are of this process' `Clock.monotonicMs`. They may be off by half of the time that a
 * call takes, and not by more.
 *
 * Not promised: that a slot that was booked and not used comes back, or that anything outlives a crash of the server that keeps it.
 */
export interface NumberRates {
  /**
   * Books slots for requests that wait now. Gives one answer to each ask, in the order of the asks, which name each number once.
   *
   * Books up to `wanted` slots, from the earliest free time on. No slot of a number is closer to another than the spacing, whoever
   * asks. The spacing is the widest that anyone asked for in the last minute, divided by `share`. None lies more than `aheadMs`
   * from now, so fewer may be booked than are wanted, or none. None lies in a closure.
   *
   * Where time lines were lost, no slot lies within the next 1,100 ms. Where the clock that orders the slots was set back, the next
   * slot lies at most `aheadMs` from now.
   */
  book(asks: readonly SlotAsk[], aheadMs: number): ResultAsync<readonly SlotsBooked[], Unavailable>;
  /** Notes what WhatsApp said about a number. Each later booking of that number says it, whoever asks, as long as it holds. */
  report(number: string, change: RateChange): ResultAsync<void, Unavailable>;
  /** Says of each number what a booking would say now, and books nothing. Numbers of which there is nothing to say are absent. */
  news(numbers: readonly string[]): ResultAsync<ReadonlyMap<string, RateNews>, Unavailable>;
}

/** How many slots of a number are wanted. */
export interface SlotAsk {
  /** The phone number id. */
  readonly number: string;
  /** A whole number above 0. */
  readonly wanted: number;
  /** The time between two slots at the number's full rate. */
  readonly spacingMs: number;
  /** The share of the full rate at which it sends now: above 0, at most 1. */
  readonly share: number;
}

/** Slots at `firstAtMs`, `firstAtMs + spacingMs` and so on: `booked` of them. With what is known about the number. */
export interface SlotsBooked extends RateNews {
  readonly number: string;
  readonly booked: number;
  /** Where none is booked: when the earliest free slot is, as of now. */
  readonly firstAtMs: number;
  readonly spacingMs: number;
}

/** What WhatsApp said about a number, to whichever process. */
export interface RateNews {
  /** Nothing may be sent before `untilMs`. */
  readonly closed?: { readonly untilMs: number; readonly reason: string };
  /** The rate was lowered to that share of its limit at `atMs`, at most a minute ago. */
  readonly slowed?: { readonly share: number; readonly atMs: number };
  /** So much of a limit is used up that the rate is that share of its own until `untilMs`. */
  readonly usage?: { readonly share: number; readonly untilMs: number };
}

/** What WhatsApp said about a number just now. The longest closure counts; of the rest, the latest. */
export type RateChange =
  /** `forMs`: at most an hour. */
  | { readonly kind: "closed"; readonly forMs: number; readonly reason: string }
  | { readonly kind: "slowed"; readonly share: number }
  | { readonly kind: "usage"; readonly share: number; readonly forMs: number };
