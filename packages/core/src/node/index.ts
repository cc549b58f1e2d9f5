/**
 * The clock, the ids and the digests of the system.
 *
 * @module @message-sender/core/node
 */
export { createSystemClock } from "./system-clock.ts";
export { createSystemIds } from "./system-ids.ts";
