import type { StoreName } from "./store.ts";

/** What a run did, beside what its logs say. */
export interface RunReport {
  readonly store: StoreName;
  readonly folder: string;
  /** How often each point, or a random time, ended a process. */
  readonly kills: Map<string, number>;
  /** From the start of a process to its first 200 of /readyz. */
  readonly readyMs: number[];
  /** The same, of processes with nothing to recover, in the same run: what the machine makes of a start. */
  readonly emptyReadyMs: number[];
  /** What the driver saw go wrong by itself. */
  readonly faults: string[];
}

export function countKill(report: RunReport, point: string): void {
  report.kills.set(point, (report.kills.get(point) ?? 0) + 1);
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
