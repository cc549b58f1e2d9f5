/**
 * Ports for tests, with a manual clock, and the store in memory.
 *
 * @module @message-sender/core/in-memory
 */
export { createInMemoryCredentials, type InMemoryCredentials } from "./credentials.ts";
export { createInMemoryHistory, type InMemoryHistory } from "./history.ts";
export { createSequentialIds } from "./ids.ts";
export { createManualClock, type ManualClock } from "./manual-clock.ts";
export { createInMemoryMedia, type InMemoryMedia, type KeptMedia } from "./media.ts";
export { createInMemoryTemplates, type InMemoryTemplates } from "./templates.ts";
export { createTestPorts, type TestPorts } from "./test-ports.ts";
export { createInMemoryQuota, type InMemoryQuota } from "./quota.ts";
export { createInMemoryQuotaCounters, type InMemoryQuotaCounters } from "./store/quota-counters.ts";
export { createRecordingReadReceipts, type RecordingReadReceipts } from "./read-receipts.ts";
export { createRecordingStatusCallbacks, type RecordingStatusCallbacks } from "./status-callbacks.ts";
export type { InMemoryProcess } from "./store/message-queue.ts";
export { createInMemoryStore, type InMemoryStore } from "./store/store.ts";
export { createRecordingTelemetry, type RecordingTelemetry } from "./telemetry.ts";
export { createRecordingTransport, type RecordingTransport } from "./transport.ts";
