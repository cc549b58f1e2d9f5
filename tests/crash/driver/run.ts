import { mkdir } from "node:fs/promises";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { killAll } from "./kills.ts";
import { pauseProcess } from "./paused-process.ts";
import type { Kill } from "./plan.ts";
import type { RunReport } from "./report.ts";
import { createTestBed, type TestBedOptions } from "./test-bed.ts";
import { settle } from "./settling.ts";

export interface RunOptions extends TestBedOptions {
  readonly plan: readonly Kill[];
  /** Waits until other processes detect deaths, instead of declaring them. */
  readonly detectDeaths: boolean;
}

/** Runs the kills on one store. Leaves the facts for the checker in the folder. */
export async function run({ plan, detectDeaths, ...options }: RunOptions): Promise<RunReport> {
  const { store, folder } = options;
  await mkdir(folder, { recursive: true });
  const report: RunReport = { name: store, folder, kills: new Map(), readyMs: [], emptyReadyMs: [], faults: [] };
  const testBed = await createTestBed(options);
  try {
    const pausing = store === "postgres";
    const pausedEarly = pausing && !detectDeaths ? await pauseProcess(testBed, report) : undefined;
    testBed.services.addFaults();
    await killAll(testBed, plan, report, { declareDead: !detectDeaths });
    const paused = pausedEarly ?? (pausing ? await pauseProcess(testBed, report) : undefined);
    const deadAfterMs = detectDeaths && store === "postgres" ? 60_000 : 0;
    await settle(testBed, report, { deadAfterMs, paused });
    const contents = await testBed.store.contents();
    writeFileSync(join(folder, "store.json"), JSON.stringify(contents));
    writeFileSync(join(folder, "accounts.json"), JSON.stringify(testBed.services.accounts()));
  } finally {
    await testBed.close();
  }
  return report;
}
