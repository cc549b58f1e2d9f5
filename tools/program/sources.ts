import { fileURLToPath } from "node:url";

export const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/** Sources of the command that its bundle treats in a way of their own. */
export const sources = {
  main: `${packages}cli/src/main.ts`,
  /** Runs before anything else is loaded. */
  noInspector: `${packages}cli/src/no-inspector.ts`,
  /** What a server loads, most of it behind an `import()`. */
  server: [
    `${packages}cli/src/commands/serve.ts`,
    `${packages}server/src/run.ts`,
    `${packages}sqlite-adapter/src/index.ts`,
  ],
  /** A command that loads it at once runs a service in its own process. */
  service: `${packages}server/src/open-service.ts`,
  /** Starts the program of `databaseWorker`, which lies beside it. */
  databaseThread: `${packages}sqlite-adapter/src/database/thread.ts`,
  databaseWorker: `${packages}sqlite-adapter/src/database/worker.ts`,
} as const;
