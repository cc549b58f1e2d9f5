import type { Identifier } from "../../content/identifiers.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Quota } from "../../ports/quota.ts";
import type { Subject } from "../contract.ts";

export interface QuotaSubject extends Subject {
  readonly quota: Quota;
  /** The clock by which the quota's periods and blocks end. */
  readonly clock: Clock;
  /** Lets time pass. No period of a limit may end within an hour of the start. */
  advance(ms: number): Promise<void>;
  /** Sets how many units the tenant has. At first no tenant is known. */
  setLimit(tenantId: Identifier, limit: number): void | Promise<void>;
  /** Makes the service that owns the quota unreachable from now on. */
  goAway(): void | Promise<void>;
}
