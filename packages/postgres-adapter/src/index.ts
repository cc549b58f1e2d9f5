export { inspectPostgresStore, type PostgresInspection } from "./inspect.ts";
export { restorePostgresStore } from "./restore.ts";
export { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from "./store.ts";
