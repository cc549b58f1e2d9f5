import { extname } from "node:path";
import { Worker } from "node:worker_threads";

import type { BatchAnswer, Call } from "./batch.ts";
import type { DatabaseOptions } from "./database.ts";

/** What the thread is told besides batches. `close` has no answer. */
export type DatabaseOrder = "begin backup" | "end backup" | "clean" | "close";

/** The only thread that has the file open. Its promises never reject: a thread that has ended answers with a failure. */
export interface DatabaseThread {
  /** The result of opening the file. Its answers are the database's `isNew`, `latestTime` and `isRestored`. */
  readonly opened: Promise<BatchAnswer>;
  /** Runs one batch, or does one of the other things, at a time. */
  run(asked: readonly Call[] | Exclude<DatabaseOrder, "close">): Promise<BatchAnswer>;
  close(): Promise<void>;
}

/** The same path works for the sources and for `dist`. */
const entry = new URL(`./worker${extname(import.meta.filename)}`, import.meta.url);

export function startDatabaseThread(options: DatabaseOptions): DatabaseThread {
  const worker = new Worker(entry, {
    workerData: options,
    name: "message-sender-database",
    // Nothing of a batch outlives it. By itself V8 would let new objects take 128 MB.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  let ended: BatchAnswer | undefined;
  let answer: (answered: BatchAnswer) => void;
  const opened = new Promise<BatchAnswer>((resolve) => (answer = resolve));

  const exited = new Promise<void>((resolve) => {
    function end(): void {
      ended = { failure: "the database thread has ended" };
      answer(ended);
      resolve();
    }
    worker.on("message", (answered: BatchAnswer) => answer(answered));
    worker.on("messageerror", () => answer({ failure: "a message of the database thread could not be read" }));
    worker.on("error", end);
    worker.on("exit", end);
  });

  return {
    opened,
    run(asked) {
      if (ended) return Promise.resolve(ended);
      return new Promise((resolve) => {
        answer = resolve;
        worker.postMessage(asked);
      });
    },
    async close() {
      worker.postMessage("close");
      await exited;
    },
  };
}
