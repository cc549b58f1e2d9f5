import { createDatabase } from "./database/database.ts";
import { openOnDatabase, type Opened } from "./open-on-database.ts";
import type { PostgresStoreOptions } from "./postgres-store.ts";

/** `monotonicMs`: the time by which the process counts its lease. */
export async function openWithHeartbeat(
  url: string,
  options: PostgresStoreOptions,
  monotonicMs?: () => number,
): Promise<Opened> {
  const { maxConnections = 10, schema = "message_sender" } = options;
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw new Error(`"${schema}" is not a valid schema name`);
  const database = createDatabase(url, { maxConnections, schema });
  try {
    return await openOnDatabase(database, options, monotonicMs);
  } catch (cause) {
    await database.close();
    throw cause;
  }
}
