import { startPostgresStore } from "./postgres-store.ts";
import type { RawStore } from "./raw-store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

export const storeNames = ["sqlite", "postgres"] as const;
export type StoreName = (typeof storeNames)[number];

export function openRawStore(name: StoreName, folder: string): Promise<RawStore> {
  return name === "sqlite" ? Promise.resolve(openSqliteStore(folder)) : startPostgresStore(folder);
}
