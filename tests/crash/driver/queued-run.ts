import { mkdir } from "node:fs/promises";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { freePort } from "./free-port.ts";
import { countKill, type RunReport } from "./report.ts";
import type { ServerProcess } from "./server-process.ts";
import { settle } from "./settling.ts";
import { createTestBed, type TestBed, type TestBedOptions } from "./test-bed.ts";
import { pause, quiet, until } from "./wait.ts";

/** What happens to two processes in the middle of a campaign: one is killed and one is suspended, or their PostgreSQL crashes. */
export const disturbances = ["a kill and a pause", "a crash of PostgreSQL"] as const;
export type Disturbance = (typeof disturbances)[number];

interface QueuedRunOptions extends Omit<TestBedOptions, "store"> {
  readonly messages: number;
  readonly disturbances: readonly Disturbance[];
  readonly pausedMs: number;
}

const readyLimitMs = 60_000;
const downMs = 2000;
/** Longer than the waits between the attempts of a message. */
const quietMs = 10_000;
/** Of the progress of a campaign, not of all of it. */
const patienceMs = 60_000;

/** Two processes send queued messages from one PostgreSQL, and are disturbed. Leaves the facts for the checker in the folder. */
export async function runQueued(options: QueuedRunOptions): Promise<RunReport> {
  const { folder, disturbances } = options;
  await mkdir(folder, { recursive: true });
  const name = `two processes on postgres, with ${disturbances.join(" and ")}`;
  const report: RunReport = { name, folder, kills: new Map(), readyMs: [], emptyReadyMs: [], faults: [] };
  const testBed = await createTestBed({ ...options, store: "postgres" });
  try {
    await sendCampaign(testBed, report, options);
    await settle(testBed, report, { deadAfterMs: 0, paused: undefined });
    writeFileSync(join(folder, "store.json"), JSON.stringify(await testBed.store.contents()));
    writeFileSync(join(folder, "accounts.json"), JSON.stringify(testBed.services.accounts()));
  } finally {
    await testBed.close();
  }
  return report;
}

async function sendCampaign(testBed: TestBed, report: RunReport, options: QueuedRunOptions): Promise<void> {
  const { messages, disturbances, pausedMs } = options;
  const { oracle, queueClient } = testBed;
  const start = async (own: Readonly<Record<string, string>> = {}): Promise<ServerProcess> => {
    const server = testBed.start("off", own);
    if ((await server.ready(readyLimitMs)) === undefined) report.faults.push("a server was not ready");
    return server;
  };
  const second = await start({ PORT: String(await freePort(testBed.random)) });
  let first = await start();
  await Promise.all([first, second].map((server) => queueClient.enqueueMany(server, messages / 2)));
  const share = 1 / (disturbances.length + 1);
  for (const [index, disturbance] of disturbances.entries()) {
    const goal = messages * share * (index + 1);
    if (!(await until(() => oracle.requests >= goal, patienceMs))) report.faults.push("the campaign does not go on");
    countKill(report, disturbance);
    if (disturbance === "a kill and a pause") {
      second.signal("SIGSTOP");
      first.signal("SIGKILL");
      await first.ended;
      first = await start();
      await pause(pausedMs);
      second.signal("SIGCONT");
    } else {
      await testBed.store.crash(downMs);
    }
  }
  // A campaign ends with as many requests as its messages need: some are refused before their first. What hangs is found in the store.
  await quiet({ quietMs, activity: () => oracle.requests });
  for (const server of [first, second]) {
    server.signal("SIGTERM");
    const { code, signal } = await server.ended;
    if (code !== 0) report.faults.push(`a server ended with ${code ?? signal}, not with 0`);
  }
}
