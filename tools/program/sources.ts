import { fileURLToPath } from "node:url";

export const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/** Sources of the command that its bundle treats in a way of their own. */
export const sources = {
  main: `${packages}cli/src/main.ts`,
  /** Loaded before everything else. */
  noInspector: `${packages}cli/src/no-inspector.ts`,
  /** What a server loads, most of it behind an `import()`. */
  server: [
    `${packages}cli/src/commands/serve.ts`,
    `${packages}server/src/run.ts`,
    `${packages}sqlite-adapter/src/index.ts`,
  ],
  /** Part of every program that sends by itself. */
  service: `${packages}server/src/open-service.ts`,
  /** Starts the program of `databaseWorker`, which lies beside it. */
  databaseThread: `${packages}sqlite-adapter/src/database/thread.ts`,
  databaseWorker: `${packages}sqlite-adapter/src/database/worker.ts`,
  /** Not part of what is published. */
  failpoints: `${packages}server/src/failpoints.ts`,
} as const;
