import { rm } from "node:fs/promises";
import { join } from "node:path";

import pg from "pg";

import { startEmbeddedPostgres } from "../../support/embedded-postgres.ts";
import type { RawStore } from "./raw-store.ts";
import { interruptOnExit } from "./child-processes.ts";
import { pause } from "./wait.ts";

/** A real PostgreSQL. Its user must be able to enter `folder`, so no folder above it may have mode 0700. */
export async function startPostgresStore(folder: string): Promise<RawStore> {
  const databaseDir = join(folder, "data");
  const postgres = await startEmbeddedPostgres({ databaseDir });
  const hasEnded = interruptOnExit(postgres.pid);
  const pool = new pg.Pool({ connectionString: postgres.url, max: 2, options: "-c search_path=message_sender" });
  pool.on("error", () => {});
  const exempt: string[] = [];

  return {
    databaseUrl: postgres.url,
    async contents() {
      const messages = await pool.query<{ document: string }>("SELECT document FROM messages");
      const blocks = await pool.query("SELECT * FROM quota_blocks");
      const requests = await pool.query("SELECT * FROM quota_requests");
      return {
        documents: messages.rows.map(({ document }) => JSON.parse(document) as unknown),
        openBlocks: [...blocks.rows, ...requests.rows],
      };
    },
    async lastDueAt() {
      const { rows } = await pool.query<{ due_at: Date | null }>("SELECT max(due_at) AS due_at FROM outbox_queues");
      return rows[0]?.due_at?.getTime();
    },
    async exemptLiving() {
      const { rows } = await pool.query<{ id: string }>("SELECT id FROM processes");
      exempt.push(...rows.map(({ id }) => id));
    },
    async declareDead() {
      await pool.query("UPDATE processes SET heartbeat_at = now() - interval '1 minute' WHERE id <> ALL ($1::uuid[])", [
        exempt,
      ]);
    },
    async crash(downMs) {
      await postgres.crash();
      await pause(downMs);
      await postgres.startAgain();
    },
    async close() {
      await pool.end();
      await postgres.stop();
      hasEnded();
      await rm(databaseDir, { recursive: true, force: true });
    },
  };
}
