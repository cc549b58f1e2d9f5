import type { ChildProcess } from "node:child_process";

/** What must not outlive this process. */
const processes = new Set<ChildProcess>();
const pids = new Set<number>();

process.on("exit", () => {
  for (const child of processes) child.kill("SIGKILL");
  for (const pid of pids) endPid(pid);
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));

export function endWithUs<Child extends ChildProcess>(child: Child): Child {
  processes.add(child);
  child.once("exit", () => processes.delete(child));
  return child;
}

/** Gives how to say that it has ended by itself. */
export function endPidWithUs(pid: number): () => void {
  pids.add(pid);
  return () => void pids.delete(pid);
}

function endPid(pid: number): void {
  try {
    process.kill(pid, "SIGINT");
  } catch {
    // It has ended.
  }
}
