/**
 * The durable store for one machine.
 *
 * @module @message-sender/sqlite-adapter
 */
export type { BackupInProgress, StoreBackup } from "./backup/backup.ts";
export { inspectSqliteStore, type SqliteInspection } from "./inspect.ts";
export { sqliteMode } from "./database/mode.ts";
export { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from "./store.ts";
export { backUpSqliteFile } from "./backup/closed-file.ts";
