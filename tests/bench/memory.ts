import { setTimeout as sleep } from "node:timers/promises";

import { Pool } from "undici";

import { graphConnections } from "./fixtures.ts";
import { ask, quietUsageOf, type RunningServer, type RunningServices, usageOf } from "./processes.ts";
import { send, sendBody } from "./sends.ts";

const largestBody = 1024;
const startedTogether = 100;
const patienceMs = 30_000;

/**
 * The peak memory of a server that gets `count` sends at once while Graph holds its answers. Resolves after Graph has answered
 * them all.
 */
export async function peakRssWith(count: number, server: RunningServer, services: RunningServices): Promise<number> {
  await ask(services, "hold");
  const pool = new Pool(server.url, {
    connections: count,
    allowH2: false,
    headersTimeout: 0,
    connect: { timeout: patienceMs },
  });
  let answered = 0;
  const failures: unknown[] = [];
  const sends: Promise<void>[] = [];
  // The server closes a connection on which no request arrives.
  const written = async (): Promise<void> => {
    while (pool.stats.running < sends.length && answered === 0) await sleep(2);
  };
  while (sends.length < count) {
    const sending = send(pool, bodyOf(sends.length)).then(
      () => {},
      (cause: unknown) => void failures.push(cause),
    );
    sends.push(sending.finally(() => (answered += 1)));
    if (sends.length % startedTogether === 0) await written();
  }
  const expected = Math.min(count, graphConnections);
  const giveUpAt = performance.now() + patienceMs;
  while ((await ask<number>(services, "held")) < expected && performance.now() < giveUpAt) await sleep(50);
  await quietUsageOf(server);
  const held = await ask<number>(services, "held");
  if (answered > 0 || held !== expected) {
    const [cause] = failures;
    throw new Error(`Graph holds ${held} of ${expected} requests, and ${answered} sends have already ended`, { cause });
  }
  await ask(services, "release");
  await Promise.all(sends);
  if (failures.length > 0) throw new Error(`${failures.length} of ${count} sends failed`, { cause: failures[0] });
  await pool.close();
  return (await usageOf(server)).peakRssBytes;
}

function bodyOf(number: number): string {
  return sendBody(number, "x".repeat(largestBody - sendBody(number, "").length));
}
