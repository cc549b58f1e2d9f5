import { extname } from "node:path";
import { Worker } from "node:worker_threads";

import { createDatabaseChannel, type DatabaseChannel } from "./channel.ts";
import type { DatabaseOptions } from "./database.ts";

/** The same path works for the sources, for `dist`, and for the bundle of the command, which leaves it as it is. */
const entry = new URL(`./worker${extname(import.meta.filename)}`, import.meta.url);

/** Opens a database in a thread of its own, the only one that has the file open. The thread ends with it. */
export function startDatabaseThread(options: DatabaseOptions): DatabaseChannel {
  return createDatabaseChannel(
    new Worker(entry, {
      workerData: options,
      name: "message-sender-database",
      // Nothing of a batch outlives it. By itself V8 would let new objects take 128 MB.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    }),
  );
}
