import { endAtOnce } from "./end-process.ts";
import { exitCode } from "./exit-code.ts";

/** Resolves at the first SIGTERM, SIGINT or SIGHUP. A second signal, of any of these kinds, ends the process at once. */
export function endSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isEnding = false;
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (isEnding) endAtOnce(exitCode.failed);
        isEnding = true;
        resolve(signal);
      });
    }
  });
}
