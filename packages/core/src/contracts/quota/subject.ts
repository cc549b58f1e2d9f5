import type { Identifier } from "../../content/identifiers.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Quota } from "../../ports/quota.ts";
import type { Subject } from "../contract.ts";

export interface QuotaSubject extends Subject {
  readonly quota: Quota;
  /** The clock that the quota's periods and blocks go by. */
  readonly clock: Clock;
  /** Lets time pass. No period of a limit that was given may end within an hour of the start. */
  advance(ms: number): Promise<void>;
  /** The tenant has so many units from now on. No tenant is known before. */
  setLimit(tenantId: Identifier, limit: number): void | Promise<void>;
  /** From now on whoever owns the quota cannot be reached. */
  goAway(): void | Promise<void>;
}
