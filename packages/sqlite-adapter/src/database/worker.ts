import { parentPort, workerData } from "node:worker_threads";

import type { Call } from "./batch.ts";
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
  port.on("message", (calls: readonly Call[] | "close") => {
    if (calls !== "close") return port.postMessage(database.run(calls));
    database.close();
    port.close();
  });
  port.postMessage({ answers: [database.isNew, database.latestTime] });
}
