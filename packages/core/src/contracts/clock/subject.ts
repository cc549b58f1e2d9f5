import type { Clock } from "../../ports/clock.ts";
import type { Subject } from "../contract.ts";

export interface ClockSubject extends Subject {
  readonly clock: Clock;
  /** Lets time pass, and sleepers that are due run. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock forward or back; no time passes. */
  shiftWallClock(ms: number): void;
}
