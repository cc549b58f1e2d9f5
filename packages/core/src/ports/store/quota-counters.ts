import type { ResultAsync } from "neverthrow";

import type { Identifier } from "../../content/identifiers.ts";
import type { Unavailable } from "../unavailable.ts";

/** Counts how many units each tenant has used of a limit that the sender keeps itself. */
export interface QuotaCounters {
  /**
   * Takes up to `amount` of what is left of `limit` in the period, however many ask at once, and returns how many those are: 0
   * where nothing is left. A later period than the one counted starts at 0. An earlier period does not open again: units taken
   * count in the later one. Repeating a request that was granted units returns the same and takes none.
   */
  take(request: CounterRequest): ResultAsync<UnitsTaken, Unavailable>;
  /**
   * Reports how many units of a request were used; the rest returns to its period. May be repeated: the last number
   * wins. For an unknown request it changes nothing.
   */
  settle(requestId: string, used: number): ResultAsync<void, Unavailable>;
  /**
   * How many units the tenant has taken and not returned, in the latest period of that name in which it took any, and when that
   * period began. Undefined if it never took any. Changes nothing.
   */
  read(tenantId: Identifier, period: string): ResultAsync<UnitsCounted | undefined, Unavailable>;
}

/** How many units of a period are taken. */
export interface UnitsCounted {
  readonly used: number;
  readonly startsAt: Date;
}

/** A request for units of a limit. */
export interface CounterRequest {
  readonly id: string;
  readonly tenantId: Identifier;
  /** Periods of one name follow each other; periods of another name are counted separately. */
  readonly period: string;
  readonly startsAt: Date;
  readonly limit: number;
  readonly amount: number;
}

/** How many units a request was granted. */
export interface UnitsTaken {
  readonly granted: number;
  /** When the period in which they count began. */
  readonly startsAt: Date;
}
