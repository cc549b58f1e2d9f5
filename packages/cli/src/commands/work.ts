import { exitCode } from "@message-sender/server/process";
import { runServer } from "@message-sender/server/run";
import type { Settings } from "@message-sender/server/settings";
import { storeKind } from "@message-sender/server/store";

import { printProblem } from "../print.ts";
import { version } from "../version.ts";

/** Works on the queue until a signal ends it, beside servers on the same PostgreSQL. */
export async function work(settings: Settings): Promise<number> {
  if (storeKind(settings.DATABASE_URL) !== "postgres") {
    printProblem(
      `work needs a DATABASE_URL of PostgreSQL: ${settings.DATABASE_URL} belongs to one process alone, and serve works on its queue`,
    );
    return exitCode.usage;
  }
  return runServer(settings, { version, api: false });
}
