/**
 * The clock, the ids and the memory of the system.
 *
 * @module @message-sender/core/node
 */
export { releaseStartMemory } from "./release-start-memory.ts";
export { createSystemClock } from "./system-clock.ts";
export { createSystemIds } from "./system-ids.ts";
