import { endAtOnce } from "./end-process.ts";
import { exitCode } from "./exit-code.ts";

/** Resolves at the first signal that asks the process to end. A second one, of whichever kind, ends it at once. */
export function askedToEnd(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isAsked = false;
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (isAsked) endAtOnce(exitCode.failed);
        isAsked = true;
        resolve(signal);
      });
    }
  });
}
