/**
 * The stores that a database URL can name. This entry loads an adapter when its store is opened.
 *
 * @module @message-sender/server/store
 */
export { sqlitePath, type StoreKind, storeKind } from "./database-url.ts";
export { migrateStore, type StoreMigrated, type StoreNotMigrated } from "./migrate-store.ts";
export { restoreStore, type StoreRestored } from "./restore-store.ts";
