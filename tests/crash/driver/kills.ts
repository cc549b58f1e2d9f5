import { freePort } from "./free-port.ts";
import { type Kill, outcomeFor } from "./plan.ts";
import { countKill, type RunReport } from "./report.ts";
import type { ServerProcess } from "./server-process.ts";
import type { Setting } from "./test-bed.ts";
import { pause } from "./wait.ts";

const readyLimitMs = 60_000;
const killsPerEmptyStart = 5;
const patienceMs = 8000;

export interface KillOptions {
  /** Whether others see at once that the killed one is dead. */
  readonly declareDead: boolean;
}

/** Starts a process for each kill and has it end as planned; a point that was not reached gets another try. */
export async function killAll(setting: Setting, plan: readonly Kill[], report: RunReport, options: KillOptions) {
  const left = [...plan];
  const missed = new Set<string>();
  let kills = 0;
  for (let kill = left.shift(); kill; kill = left.shift()) {
    if (kills++ % killsPerEmptyStart === 0) report.emptyReadyMs.push(...(await timeEmptyStart(setting)));
    const reached = await killOnce(setting, kill, report);
    if (options.declareDead) await setting.store.declareDead();
    if (reached || "afterMs" in kill) continue;
    if (kill.triesLeft > 0) left.push({ ...kill, pass: 1, triesLeft: kill.triesLeft - 1 });
    else missed.add(kill.point);
  }
  for (const point of missed) {
    if (!report.kills.has(point)) report.faults.push(`the failpoint "${point}" was never reached`);
  }
}

async function timeEmptyStart(setting: Setting): Promise<number[]> {
  const server = setting.start("off", { DATABASE_URL: "memory:", PORT: String(await freePort(setting.random)) });
  const readyMs = await server.ready(readyLimitMs);
  server.signal("SIGKILL");
  await server.ended;
  return readyMs === undefined ? [] : [readyMs];
}

async function killOnce(setting: Setting, kill: Kill, report: RunReport): Promise<boolean> {
  const name = "point" in kill ? kill.point : "random time";
  const outcome = outcomeFor(name);
  if (outcome) setting.oracle.tell({ order: outcome, count: 6 });
  const server = setting.start("point" in kill ? `${kill.point}=${kill.pass}` : "off");
  let isOver = false;
  const working = startWork(setting, server, report);
  const queueing = working.then(async (isReady) => {
    if (isReady) await setting.queueClient.workWith(server, () => isOver);
  });
  const ending = await Promise.race([
    server.ended,
    working.then(() => pause("point" in kill ? patienceMs : kill.afterMs)),
  ]);
  setting.use(undefined);
  if (!ending) {
    server.signal("SIGKILL");
    await server.ended;
  } else if (ending.signal !== "SIGKILL") {
    report.faults.push(`a server ended with ${ending.signal ?? ending.code}, to be killed at "${name}"`);
  }
  setting.write({ kind: "down" });
  isOver = true;
  await queueing;
  const reached = ending !== undefined || !("point" in kill);
  countKill(report, reached ? name : "point not reached");
  return reached;
}

/** Whether it got ready; clients come to it as soon as it is. */
async function startWork(setting: Setting, server: ServerProcess, report: RunReport): Promise<boolean> {
  const readyMs = await server.ready(readyLimitMs);
  if (readyMs === undefined) {
    if (server.isUp) report.faults.push(`a server was not ready in ${readyLimitMs} ms`);
    return false;
  }
  report.readyMs.push(readyMs);
  setting.write({ kind: "up" });
  setting.use(server);
  return true;
}
