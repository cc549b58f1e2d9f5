import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { pin } from "./cores.ts";
import { startPostgres } from "./postgres.ts";
import { type Running, type RunningServices, startServices, startSubject, stop } from "./processes.ts";
import type { SubjectEnvironment } from "./subject.ts";

/** What a bench starts; it ends with the bench. */
export interface Bench {
  readonly environment: SubjectEnvironment;
  readonly services: RunningServices;
  /** Each measured process has a core to itself. */
  readonly isPinned: boolean;
  start(subject: string, environment?: SubjectEnvironment): Promise<Running>;
}

/** Runs a bench, and stops all that it started. Rejects after `limitMs`. */
export async function runBench(limitMs: number, bench: (started: Bench) => Promise<void>): Promise<void> {
  const endings: (() => Promise<void>)[] = [];
  try {
    await Promise.race([startBench(endings).then(bench), overtime(limitMs)]);
  } finally {
    for (const end of endings.toReversed()) await Promise.race([end(), sleep(10_000, undefined, { ref: false })]);
  }
}

async function startBench(endings: (() => Promise<void>)[]): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  // For root, PostgreSQL runs as another user, who must be able to enter the folder.
  await chmod(folder, 0o755);
  const schema = `bench_${randomUUID().replaceAll("-", "_")}`;
  // PostgreSQL inherits the cores of this process: it gets all of them, since it starts first.
  const postgres = await startPostgres(folder, schema);
  endings.push(postgres.stop);
  const isPinned = pin(process.pid, "load");
  const services = await startServices();
  endings.push(() => stop(services));
  const { graphUrl, holdingGraphUrl, tenantUrl, conversationUrl } = services;
  const environment = {
    graphUrl,
    holdingGraphUrl,
    tenantUrl,
    conversationUrl,
    folder,
    schema,
    databaseUrl: postgres.url,
  };
  return {
    environment,
    services,
    isPinned,
    async start(subject, changed = environment) {
      const running = await startSubject(subject, changed);
      endings.push(() => stop(running));
      return running;
    },
  };
}

async function overtime(limitMs: number): Promise<never> {
  await sleep(limitMs, undefined, { ref: false });
  throw new Error(`the bench took longer than ${limitMs} ms`);
}
