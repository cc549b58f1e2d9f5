import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** What tells a process of the system from every other one, also from a later one that has its process id. */
export interface ProcessIdentity extends Incarnation {
  /** The running system, and the namespaces in which `pid` and `startedTicks` count. Only processes with the same one can be compared. */
  readonly machine: string;
}

/** One use of a process id. */
export interface Incarnation {
  readonly pid: number;
  /** When the process began, in clock ticks since the system was booted. */
  readonly startedTicks: number;
}

/**
 * The identity of this process. Undefined where the system does not tell it: anywhere but on Linux, and where `/proc` is missing or is that
 * of another namespace.
 */
export function ownIdentity(): ProcessIdentity | undefined {
  const own = statOf("self");
  // With the `/proc` of an outer namespace there are several ids: that one has first.
  const ids = /^NSpid:\s+(.*)$/m.exec(read("/proc/self/status") ?? "")?.[1];
  if (!own || ids !== String(process.pid)) return undefined;
  const boot = read("/proc/sys/kernel/random/boot_id")?.trim();
  const pids = namespace("pid");
  if (!boot || !pids) return undefined;
  // Linux before 5.6 has no time namespaces. The name of the host keeps apart copies of a virtual machine that was stored while it ran.
  const machine = [boot, pids, namespace("time") ?? "", hostname()].join(" ");
  return { machine, pid: process.pid, startedTicks: own.startedTicks };
}

/** Whether a process of this machine is known to have ended. False if in doubt. */
export function hasEnded({ pid, startedTicks }: Incarnation): boolean {
  if (!isInUse(pid)) return true;
  const now = statOf(pid);
  return now !== undefined && (now.isZombie || now.startedTicks !== startedTicks);
}

/** Whether a process has this id. Unlike `/proc`, which may be mounted with `hidepid`, it also tells of the processes of other users. */
function isInUse(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** See proc_pid_stat(5). The second field is the name in parentheses, and may itself have spaces and parentheses. */
function statOf(pid: number | "self"): { readonly startedTicks: number; readonly isZombie: boolean } | undefined {
  const fields = /.*\) (.*)/s.exec(read(`/proc/${pid}/stat`) ?? "")?.[1]?.split(" ");
  const [state, threads, startedTicks] = [fields?.[0], Number(fields?.[17]), Number(fields?.[19])];
  if (!Number.isSafeInteger(startedTicks)) return undefined;
  // It has ended, and its parent has not asked how. With more than one thread only its first one has.
  return { startedTicks, isZombie: state === "Z" && threads <= 1 };
}

/** Such as `pid:[4026531836]`. */
function namespace(kind: "pid" | "time"): string | undefined {
  try {
    return readlinkSync(`/proc/self/ns/${kind}`);
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
