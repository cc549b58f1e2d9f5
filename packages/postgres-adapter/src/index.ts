/**
 * The durable store that several servers share.
 *
 * @module @message-sender/postgres-adapter
 */
export type { PostgresConnection } from "./database/connection.ts";
export { type DefaultPartition, inspectPostgresStore, type PostgresInspection } from "./inspect.ts";
export { restorePostgresStore } from "./restore.ts";
export type { PostgresStore, PostgresStoreOptions } from "./postgres-store.ts";
export { openPostgresStore } from "./store.ts";
