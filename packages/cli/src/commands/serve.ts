import { exitCode, runProcesses } from "@message-sender/server/process";
import type { Settings } from "@message-sender/server/settings";
import { storeKind } from "@message-sender/server/store";

import { printProblem } from "../print.ts";
import { version } from "../version.ts";

export interface ServeOptions {
  readonly sandbox: boolean;
  /** Whether it works on the queue. */
  readonly worker: boolean;
  /** How many processes share the ports. */
  readonly processes: number;
  /** Which of them this one is. Without it, it is their parent. */
  readonly process?: number;
}

/** Runs the server until a signal ends it. With `sandbox`, emulators replace the services that it calls. */
export async function serve(settings: Settings, options: ServeOptions): Promise<number> {
  const { sandbox, worker, processes, process: number } = options;
  if (storeKind(settings.DATABASE_URL) !== "postgres" && (processes > 1 || !worker)) {
    const option = worker ? `--processes ${processes}` : "--no-worker";
    printProblem(`${option} needs a DATABASE_URL of PostgreSQL: ${settings.DATABASE_URL} belongs to one process alone`);
    return exitCode.usage;
  }
  if (processes > 1 && number === undefined) {
    const own = process.argv.slice(2);
    return runProcesses(settings, { count: processes, argumentsOf: (child) => [...own, "--process", String(child)] });
  }
  const { runServer, serverChild } = await import("@message-sender/server/run");
  return runServer(settings, {
    version,
    worker,
    ...(number !== undefined && { child: serverChild(number) }),
    ...(sandbox && {
      async startSandbox() {
        const { startSandbox } = await import("@message-sender/emulator");
        const started = await startSandbox({
          webhooks: { delayMs: 1000 },
          allowedHosts: settings.ALLOWED_HOSTS ?? [],
        });
        await started.loadSamples();
        return started;
      },
    }),
  });
}
