export { inspectSqliteStore, type SqliteInspection } from "./inspect.ts";
export { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from "./store.ts";
