import type { ResultAsync } from "neverthrow";

import type { Identifier } from "../content/identifiers.ts";
import type { StatusEvent } from "../domain/status-event.ts";

/** Tells the platform about its messages: one event for each change that a caller can see. */
export interface StatusCallbacks {
  /**
   * Whether the tenant's events are wanted. `false` only where it is known that nobody wants them: they are then not stored at
   * all. Called for every change of every message, so it must answer from memory, and it must not throw.
   */
  isWanted(tenantId: Identifier): boolean;
  /**
   * Delivers one event, whole. An event may be delivered more than once; `eventIdOf` tells repeats apart. Never fails: the result
   * says what became of it. The sender calls it for the next version of a message only once the one before is `delivered`,
   * `unwanted` or `refused`. Many events of different messages are delivered at the same time, and each call must end by itself,
   * within 25 seconds.
   */
  deliver(event: StatusEvent): ResultAsync<StatusDelivery, never>;
}

/**
 * What became of an event. `unwanted`: nobody wants it. `refused`: it will never be taken, and it is kept for a replay. `retry`:
 * try again on the schedule, at `retryAt` at the earliest. `busy`: it was not tried, and does not count as a try.
 */
export type StatusDelivery =
  | { readonly kind: "delivered" }
  | { readonly kind: "unwanted" }
  | ({ readonly kind: "refused" } & StatusDeliveryReason)
  | ({ readonly kind: "retry"; readonly retryAt?: Date } & StatusDeliveryReason)
  | ({ readonly kind: "busy"; readonly retryAt: Date } & StatusDeliveryReason);

/** Why an event was not delivered. */
interface StatusDeliveryReason {
  /** One printable line for the log. Holds no secret, no recipient and no content. */
  readonly reason: string;
  /** The HTTP status of the answer, where there was one. */
  readonly httpStatus?: number;
}
