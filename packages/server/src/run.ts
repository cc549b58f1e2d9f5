/**
 * A server as a process: its sockets, its signals, its log.
 *
 * @module @message-sender/server/run
 */
export { createLogger } from "./log/logger.ts";
export { createProcessRegistry } from "./metrics/process-metrics.ts";
export { releaseStartMemory } from "./process/release-start-memory.ts";
export { tuneHeap } from "./process/tune-heap.ts";
export { runServer, type RunServerOptions } from "./process/run-server.ts";
export { type ServerChild, serverChild } from "./process/children/child.ts";
export type { SandboxHandle } from "./sandbox-handle.ts";
