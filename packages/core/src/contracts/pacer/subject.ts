import type { Clock } from "../../ports/clock.ts";
import type { RateKey, Pacer } from "../../ports/pacer.ts";
import type { Subject } from "../contract.ts";

export interface PacerSubject extends Subject {
  readonly pacer: Pacer;
  readonly clock: Clock;
  /** Lets time pass. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock forward or back; no time passes. */
  shiftWallClock(ms: number): void;
  readonly rateKey: RateKey;
  /** How many attempts with this key may be in flight together. */
  readonly atOnce: number;
}
