import type { Identifier } from "../content/identifiers.ts";
import type { R, Unavailable } from "./result.ts";

/** Counts how many units each tenant has used of a limit that we keep ourselves. */
export interface QuotaCounters {
  /**
   * Takes up to `amount` of what is left of `limit` in the period, however many ask at once, and gives how many those are:
   * 0 where nothing is left. A period that begins later than the one counted begins at 0. One that begins earlier does not
   * open again: what is taken counts in the later one. Repeating a request that was granted units gives the same, and takes none.
   */
  take(request: CounterRequest): R<Taken, Unavailable>;
  /**
   * Says how many of the units that a request took were used; the rest goes back to its period. May be repeated: the last
   * number wins. Of a request that is not known it changes nothing.
   */
  settle(requestId: string, used: number): R<void, Unavailable>;
}

export interface CounterRequest {
  readonly id: string;
  readonly tenantId: Identifier;
  /** Periods of one name follow each other; those of another name are counted apart. */
  readonly period: string;
  readonly startsAt: Date;
  readonly limit: number;
  readonly amount: number;
}

export interface Taken {
  readonly granted: number;
  /** When the period that they count in began. */
  readonly startsAt: Date;
}
