import { exitCode } from "@message-sender/server/process";
import type { Settings } from "@message-sender/server/settings";
import { restoreStore } from "@message-sender/server/store";

import { printJson, printLine, printProblem } from "../print.ts";

/** Makes what was unfinished in a store that was restored from a backup `unknown`, before a server opens it. As JSON: `{"unknown": count}`. */
export async function restore({ DATABASE_URL }: Settings, { json }: { readonly json: boolean }): Promise<number> {
  const restored = await restoreStore(DATABASE_URL);
  if (restored.isErr()) {
    printProblem(`DATABASE_URL: ${restored.error.reason}`);
    return exitCode.failed;
  }
  const { held: count } = restored.value;
  if (json) printJson({ unknown: count });
  else if (count === 0) printLine("Nothing was unfinished in the store.");
  else {
    const messages = count === 1 ? "1 unfinished message is" : `${count} unfinished messages are`;
    printLine(`${messages} \`unknown\` now: see list --status unknown, and resolve.`);
  }
  return exitCode.ok;
}
