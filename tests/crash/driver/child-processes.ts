import type { ChildProcess } from "node:child_process";

// The processes that must not outlive this one.
const processes = new Set<ChildProcess>();
const pids = new Set<number>();

process.on("exit", () => {
  for (const child of processes) child.kill("SIGKILL");
  for (const pid of pids) endPid(pid);
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));

/** Kills a child process when this process exits. */
export function killOnExit<Child extends ChildProcess>(child: Child): Child {
  processes.add(child);
  child.once("exit", () => processes.delete(child));
  return child;
}

/** Sends SIGINT to a process when this process exits, unless the returned function was called. */
export function interruptOnExit(pid: number): () => void {
  pids.add(pid);
  return () => void pids.delete(pid);
}

function endPid(pid: number): void {
  try {
    process.kill(pid, "SIGINT");
  } catch {
    // It has already ended.
  }
}
