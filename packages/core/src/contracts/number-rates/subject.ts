import type { Clock } from "../../ports/clock.ts";
import type { NumberRates } from "../../ports/number-rates.ts";
import type { Subject } from "../contract.ts";

export interface NumberRatesSubject extends Subject {
  readonly rates: NumberRates;
  /** Another process that shares them. */
  readonly another: NumberRates;
  readonly clock: Clock;
  /** Loses the time lines, as a server that crashes. */
  lose(): Promise<void>;
  /** Sets the clock that orders the slots back. */
  stepBack(ms: number): Promise<void>;
}
