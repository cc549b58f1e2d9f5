import type { BatchAnswer, Call } from "./batch.ts";

/** What a database is told besides batches. `close` has no answer. */
export type DatabaseOrder = "begin backup" | "end backup" | "clean" | "release memory" | "close";

/** A database at the other end of a channel. Its promises never reject: a database that has ended answers with a failure. */
export interface DatabaseChannel {
  /** The result of opening the file. Its answers are the database's `isNew`, `latestTime` and `isRestored`. */
  readonly opened: Promise<BatchAnswer>;
  /** Runs one batch, or carries out one order. One at a time. */
  run(asked: readonly Call[] | Exclude<DatabaseOrder, "close">): Promise<BatchAnswer>;
  close(): Promise<void>;
}

/** What a `Worker` and a `MessagePort` have in common. */
interface Port {
  postMessage(asked: readonly Call[] | DatabaseOrder): void;
  on(event: string, listener: (answered: BatchAnswer) => void): unknown;
}

/** To a database that `serveDatabase` serves. */
export function createDatabaseChannel(port: Port): DatabaseChannel {
  let ended: BatchAnswer | undefined;
  let answer: (answered: BatchAnswer) => void;
  const opened = new Promise<BatchAnswer>((resolve) => (answer = resolve));

  const exited = new Promise<void>((resolve) => {
    function end(): void {
      ended = { failure: "the database thread has ended" };
      answer(ended);
      resolve();
    }
    port.on("message", (answered) => answer(answered));
    port.on("messageerror", () => answer({ failure: "a message of the database thread could not be read" }));
    for (const event of ["error", "exit", "close"]) port.on(event, end);
  });

  return {
    opened,
    run(asked) {
      if (ended) return Promise.resolve(ended);
      return new Promise((resolve) => {
        answer = resolve;
        port.postMessage(asked);
      });
    },
    async close() {
      port.postMessage("close");
      await exited;
    },
  };
}
