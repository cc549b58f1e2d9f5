import { join } from "node:path";

import { createSystemClock } from "@message-sender/core/node";
import { openPostgresStore } from "@message-sender/postgres-adapter";
import { openSqliteStore } from "@message-sender/sqlite-adapter";
import type { ServiceOptions } from "@message-sender/server";
import pg from "pg";

import { startEmbeddedPostgres } from "../support/embedded-postgres.ts";

export interface OpenedStore {
  readonly store: NonNullable<ServiceOptions["store"]>;
  /** Of PostgreSQL. */
  readonly url?: string;
  /** Statistics and the like, which a store has after running for a while. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Acknowledged writes need not survive a power failure: this is about reading. */
export async function openSqlite(folder: string): Promise<OpenedStore> {
  const clock = createSystemClock();
  const opened = await openSqliteStore(join(folder, "lists.db"), { clock, synchronous: "normal" });
  const store = opened._unsafeUnwrap();
  return { store, settle: async () => {}, close: store.close };
}

export async function openPostgres(folder: string): Promise<OpenedStore> {
  const server = await startEmbeddedPostgres({ databaseDir: join(folder, "postgres") });
  const store = (await openPostgresStore(server.url, { clock: createSystemClock() }))._unsafeUnwrap();
  return {
    store,
    url: server.url,
    async settle() {
      const client = new pg.Client(server.url);
      await client.connect();
      await client.query("VACUUM ANALYZE message_sender.messages");
      await client.query("CHECKPOINT");
      await client.end();
    },
    async close() {
      await store.close();
      await server.stop();
    },
  };
}
