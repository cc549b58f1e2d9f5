import { accessSync, constants } from "node:fs";

/**
 * Ends the process with `code` at once, whatever its threads are doing. `process.exit` joins all threads, and never returns if
 * one of them writes to a pipe that nobody reads, waits for a name server, or syncs a disk that hangs.
 */
export function endAtOnce(code: number): never {
  if (canReplace()) process.execve?.(process.execPath, [process.execPath, "--eval", `process.exit(${code})`], {});
  process.kill(process.pid, "SIGKILL");
  throw new Error("the process survived SIGKILL");
}

/** Ends the process with `code` after this turn of the event loop, without waiting for threads that may never finish. */
export function endProcess(code: number): void {
  // What a thread has just finished, such as the last write of a log, counts as active until this turn is over.
  setImmediate(() => {
    if (process.getActiveResourcesInfo().some((kind) => onThread.test(kind))) endAtOnce(code);
    process.exit(code);
  });
}

const onThread = /^(FSReq|GetAddrInfo|GetNameInfo)/;

/** An `execve` that fails would abort the process with a core dump. */
function canReplace(): boolean {
  try {
    accessSync(process.execPath, constants.X_OK);
    return process.platform !== "win32";
  } catch {
    return false;
  }
}
