import { readFileSync } from "node:fs";

/** Of a process on this machine. Not a number where there is no `/proc`, or the process has ended. */
export function usageOf(pid: number | undefined): { readonly cpuMs: number; readonly rssBytes: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return {
      cpuMs: (Number(fields[11]) + Number(fields[12])) * 10,
      rssBytes: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024,
    };
  } catch {
    return { cpuMs: Number.NaN, rssBytes: Number.NaN };
  }
}
