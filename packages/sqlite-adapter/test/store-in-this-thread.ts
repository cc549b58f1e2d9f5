import type { openSqliteStore } from "@message-sender/sqlite-adapter";
import { MessageChannel } from "node:worker_threads";

import { createDatabaseChannel } from "../src/database/channel.ts";
import { serveDatabase } from "../src/database/serve-database.ts";
import { openStoreOf } from "../src/store.ts";

/**
 * `openSqliteStore`, but the database is in the thread of the test: it answers the same messages, at the other end of a
 * channel. Starting a thread takes several times as long as a case of a contract.
 */
export const openStoreInThisThread: typeof openSqliteStore = (path, options) =>
  openStoreOf(
    (database) => {
      const { port1, port2 } = new MessageChannel();
      serveDatabase(port1, database);
      return createDatabaseChannel(port2);
    },
    path,
    options,
  );
