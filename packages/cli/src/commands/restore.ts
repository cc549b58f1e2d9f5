import { exitCode } from "@message-sender/server/process";
import type { Settings } from "@message-sender/server/settings";
import { restoreStore } from "@message-sender/server/store";

import { printJson, printLine, printProblem } from "../print.ts";

/** Holds what was unfinished in a store that was restored from a backup, before a server opens it. */
export async function restore({ DATABASE_URL }: Settings, { json }: { readonly json: boolean }): Promise<number> {
  const restored = await restoreStore(DATABASE_URL);
  if (restored.isErr()) {
    printProblem(`DATABASE_URL: ${restored.error.reason}`);
    return exitCode.failed;
  }
  const { held } = restored.value;
  if (json) printJson({ held });
  else if (held === 0) printLine("Nothing was unfinished in the store.");
  else
    printLine(
      `${held} unfinished message${held === 1 ? " is" : "s are"} held: see list --status unknown, and resolve.`,
    );
  return exitCode.ok;
}
