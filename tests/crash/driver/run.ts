import { mkdir } from "node:fs/promises";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { createRandom } from "../random.ts";
import { killAll } from "./kills.ts";
import { pauseProcess } from "./paused-process.ts";
import { planKills } from "./plan.ts";
import type { RunReport } from "./report.ts";
import { prepare } from "./test-bed.ts";
import { settle } from "./settling.ts";
import type { StoreName } from "./store.ts";

export interface RunOptions {
  readonly store: StoreName;
  readonly folder: string;
  readonly seed: number;
  readonly kills: number;
  /** Waits until the dead are seen to be dead, instead of saying so. */
  readonly patient: boolean;
}

/** Everything that happens with one store. What it found out is in the folder then, for the checker. */
export async function run({ store, folder, seed, kills, patient }: RunOptions): Promise<RunReport> {
  await mkdir(folder, { recursive: true });
  const plan = planKills(createRandom(seed), kills);
  const report: RunReport = { store, folder, kills: new Map(), readyMs: [], emptyReadyMs: [], faults: [] };
  const setting = await prepare(store, folder, seed);
  try {
    const pausing = store === "postgres";
    const pausedEarly = pausing && !patient ? await pauseProcess(setting, report) : undefined;
    setting.services.trouble();
    await killAll(setting, plan, report, { declareDead: !patient });
    const paused = pausedEarly ?? (pausing ? await pauseProcess(setting, report) : undefined);
    const deadAfterMs = patient && store === "postgres" ? 60_000 : 0;
    await settle(setting, report, { deadAfterMs, paused });
    const contents = await setting.store.contents();
    writeFileSync(join(folder, "store.json"), JSON.stringify(contents));
    writeFileSync(join(folder, "accounts.json"), JSON.stringify(setting.services.accounts()));
  } finally {
    await setting.close();
  }
  return report;
}
