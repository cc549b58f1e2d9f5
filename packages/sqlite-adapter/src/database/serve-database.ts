import type { MessagePort } from "node:worker_threads";

import type { Call } from "./batch.ts";
import type { DatabaseOrder } from "./channel.ts";
import { type Database, type DatabaseOptions, openDatabase } from "./database.ts";
import { openFailureOf } from "./failure.ts";
import { releaseThreadMemory } from "./release-thread-memory.ts";

/** Opens the database and answers what comes through `port`, in its order, until it is told to close. */
export function serveDatabase(port: MessagePort, options: DatabaseOptions): void {
  let database: Database;
  try {
    database = openDatabase(options);
  } catch (error) {
    port.postMessage({ failure: openFailureOf(options.path, error) });
    return;
  }
  port.on("message", (asked: readonly Call[] | DatabaseOrder) => {
    switch (asked) {
      case "begin backup":
        return port.postMessage(database.beginBackup());
      case "end backup":
        return port.postMessage(database.endBackup());
      case "clean":
        return port.postMessage(database.clean());
      case "release memory":
        releaseThreadMemory();
        return port.postMessage({ answers: [] });
      case "close":
        database.close();
        return port.close();
      default:
        return port.postMessage(database.run(asked));
    }
  });
  port.postMessage({ answers: [database.isNew, database.latestTime, database.isRestored] });
}
