import type { Clock } from "../../ports/clock.ts";
import type { Subject } from "../contract.ts";

export interface ClockSubject extends Subject {
  readonly clock: Clock;
  /** Lets time pass, and whoever is due do its work. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock forward or back while no time passes. */
  shiftWallClock(ms: number): void;
}
