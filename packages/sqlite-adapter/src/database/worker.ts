import { parentPort, workerData } from "node:worker_threads";

import { releaseStartMemory } from "@message-sender/core/node";

import type { Call } from "./batch.ts";
import type { DatabaseOrder } from "./thread.ts";
import { type Database, type DatabaseOptions, openDatabase } from "./database.ts";
import { openFailureOf } from "./failure.ts";

const options = workerData as DatabaseOptions;

if (parentPort) serve(parentPort);

function serve(port: NonNullable<typeof parentPort>): void {
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
      case "close":
        database.close();
        return port.close();
      default:
        return port.postMessage(database.run(asked));
    }
  });
  // Half of the memory of this thread.
  releaseStartMemory();
  port.postMessage({ answers: [database.isNew, database.latestTime, database.isRestored] });
}
