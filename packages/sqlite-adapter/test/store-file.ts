import { createManualClock, type ManualClock } from "@message-sender/core/in-memory";
import { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from "@message-sender/sqlite-adapter";
import type { ResultAsync } from "neverthrow";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file for one store, in a folder of its own, with a manual clock. */
export interface StoreFile {
  readonly path: string;
  readonly clock: ManualClock;
  /** Does not wait for the disk unless it is told to. */
  open(options?: Omit<SqliteStoreOptions, "clock">): Promise<SqliteStore>;
  /** Closes what is open, and removes the folder. */
  remove(): Promise<void>;
}

export function storeFile(openStore = openSqliteStore): StoreFile {
  const folder = mkdtempSync(join(tmpdir(), "message-sender-sqlite-"));
  const path = join(folder, "store.db");
  const clock = createManualClock();
  const opened: SqliteStore[] = [];
  return {
    path,
    clock,
    async open(options) {
      const store = await valueOf(openStore(path, { synchronous: "normal", ...options, clock }));
      opened.push(store);
      return store;
    },
    async remove() {
      for (const store of opened) await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function valueOf<T>(result: ResultAsync<T, unknown>): Promise<T> {
  return (await result)._unsafeUnwrap();
}
