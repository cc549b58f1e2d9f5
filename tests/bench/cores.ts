import { execFileSync } from "node:child_process";
import { cpus } from "node:os";

/** A measured process has a core to itself. All else, the load and the services that it calls, runs on another. */
const core = { measured: 0, load: 1 } as const;

/** Moves all threads of a process to its core. Returns false where that cannot be done: on one core, or without `taskset`. */
export function pin(pid: number | undefined, to: keyof typeof core): boolean {
  if (cpus().length < 2 || pid === undefined) return false;
  try {
    execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", String(core[to]), String(pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
