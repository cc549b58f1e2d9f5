import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import type { RawStore } from "./raw-store.ts";

/** A SQLite file. It can be read only while no server has it open. */
export function openSqliteStore(folder: string): RawStore {
  const path = join(folder, "store.db");

  function rows(sql: string): Record<string, unknown>[] {
    const database = new DatabaseSync(path);
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  }

  return {
    databaseUrl: `sqlite:${path}`,
    async contents() {
      return {
        documents: rows("SELECT document FROM messages").map(({ document }) => JSON.parse(String(document)) as unknown),
        openBlocks: [...rows("SELECT * FROM quota_blocks"), ...rows("SELECT * FROM quota_requests")],
      };
    },
    async lastDueAt() {
      const [row] = rows("SELECT max(coalesce(due_at, 0)) AS due_at FROM outbox WHERE state = 'waiting'");
      return typeof row?.["due_at"] === "number" ? row["due_at"] : undefined;
    },
    // Only one process can have the file open, so the next one knows that the earlier one has ended.
    exemptLiving: async () => {},
    declareDead: async () => {},
    crash: () => Promise.reject(new Error("a SQLite store has no server")),
    close: async () => {},
  };
}
