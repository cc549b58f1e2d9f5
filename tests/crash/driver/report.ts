/** What a run did, in addition to its logs. */
export interface RunReport {
  /** What was run. */
  readonly name: string;
  readonly folder: string;
  /** How many processes were killed at each point, or at a random time. */
  readonly kills: Map<string, number>;
  /** From the start of a process to its first 200 of /readyz. */
  readonly readyMs: number[];
  /** The same for processes with nothing to recover, as a baseline of the machine. */
  readonly emptyReadyMs: number[];
  /** Faults that the driver itself noticed. */
  readonly faults: string[];
}

export function countKill(report: RunReport, point: string): void {
  report.kills.set(point, (report.kills.get(point) ?? 0) + 1);
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
