/**
 * The durable store that several servers share.
 *
 * @module @message-sender/postgres-adapter
 */
export type { PostgresConnection } from "./database/connection.ts";
export { inspectPostgresStore, type PostgresInspection } from "./inspect.ts";
export { restorePostgresStore } from "./restore.ts";
export { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from "./store.ts";
