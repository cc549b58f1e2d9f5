import { freePort } from "./free-port.ts";
import { type Kill, outcomeFor } from "./plan.ts";
import { countKill, type RunReport } from "./report.ts";
import type { ServerProcess } from "./server-process.ts";
import type { TestBed } from "./test-bed.ts";
import { pause } from "./wait.ts";

const readyLimitMs = 60_000;
const killsPerEmptyStart = 5;
const patienceMs = 8000;

export interface KillOptions {
  /** Whether other processes learn at once that the killed one is dead. */
  readonly declareDead: boolean;
}

/** Starts a process for each kill and ends it as planned. A point that was not reached is tried again. */
export async function killAll(testBed: TestBed, plan: readonly Kill[], report: RunReport, options: KillOptions) {
  const left = [...plan];
  const missed = new Set<string>();
  let kills = 0;
  for (let kill = left.shift(); kill; kill = left.shift()) {
    if (kills++ % killsPerEmptyStart === 0) report.emptyReadyMs.push(...(await timeEmptyStart(testBed)));
    const reached = await killOnce(testBed, kill, report);
    if (options.declareDead) await testBed.store.declareDead();
    if (reached || "afterMs" in kill) continue;
    if (kill.triesLeft > 0) left.push({ ...kill, hit: 1, triesLeft: kill.triesLeft - 1 });
    else missed.add(kill.point);
  }
  for (const point of missed) {
    if (!report.kills.has(point)) report.faults.push(`the failpoint "${point}" was never reached`);
  }
}

async function timeEmptyStart(testBed: TestBed): Promise<number[]> {
  const server = testBed.start("off", { DATABASE_URL: "memory:", PORT: String(await freePort(testBed.random)) });
  const readyMs = await server.ready(readyLimitMs);
  server.signal("SIGKILL");
  await server.ended;
  return readyMs === undefined ? [] : [readyMs];
}

async function killOnce(testBed: TestBed, kill: Kill, report: RunReport): Promise<boolean> {
  const name = "point" in kill ? kill.point : "random time";
  const outcome = outcomeFor(name);
  if (outcome) testBed.oracle.tell({ order: outcome, count: 6 });
  const server = testBed.start("point" in kill ? `${kill.point}=${kill.hit}` : "off");
  let isOver = false;
  const working = startWork(testBed, server, report);
  const queueing = working.then(async (isReady) => {
    if (isReady) await testBed.queueClient.workWith(server, () => isOver);
  });
  const ending = await Promise.race([
    server.ended,
    working.then(() => pause("point" in kill ? patienceMs : kill.afterMs)),
  ]);
  testBed.use(undefined);
  if (!ending) {
    server.signal("SIGKILL");
    await server.ended;
  } else if (ending.signal !== "SIGKILL") {
    report.faults.push(`a server that should be killed at "${name}" ended with ${ending.signal ?? ending.code}`);
  }
  testBed.write({ kind: "down" });
  isOver = true;
  await queueing;
  const reached = ending !== undefined || !("point" in kill);
  countKill(report, reached ? name : "point not reached");
  return reached;
}

/** Whether the server became ready. Clients use it from then on. */
async function startWork(testBed: TestBed, server: ServerProcess, report: RunReport): Promise<boolean> {
  const readyMs = await server.ready(readyLimitMs);
  if (readyMs === undefined) {
    if (server.isUp) report.faults.push(`a server was not ready within ${readyLimitMs} ms`);
    return false;
  }
  report.readyMs.push(readyMs);
  testBed.write({ kind: "up" });
  testBed.use(server);
  return true;
}
