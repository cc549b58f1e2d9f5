import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";

import { startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import { bareEnvironment, exitOf, post, quickProgram, settingsFor } from "../../support/serve-process.ts";
import { type UnreadPipe, unreadPipe } from "../../support/unread-pipe.ts";

const patience = { timeout: 120_000, interval: 50 };

interface Options {
  readonly environment?: Readonly<Record<string, string>>;
  /** Runs first in the server's process. */
  readonly preload?: string;
}

interface Stalled {
  readonly child: ChildProcess;
  readonly url: string;
  get(path: string): Promise<number>;
}

/** A server whose standard output is not read once it listens, and whose standard error is never read. */
async function serveUnread({ environment = {}, preload = "" }: Options = {}): Promise<Stalled> {
  const [stdout, stderr] = [unreadPipe(), unreadPipe()];
  const child = spawn(
    process.execPath,
    [
      `--import=data:text/javascript,${encodeURIComponent(preload)}`,
      ...quickProgram(),
      "serve",
      ...("GRAPH_API_URL" in environment ? [] : ["--sandbox"]),
    ],
    {
      env: { ...bareEnvironment, PORT: "0", ...environment },
      stdio: ["ignore", stdout.fd, stderr.fd],
    },
  );
  for (const { fd } of [stdout, stderr]) closeSync(fd);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exitOf(child);
    stdout.close();
    stderr.close();
  });
  const url = await urlOf(stdout);
  const get = async (path: string): Promise<number> => {
    const answer = await request(`${url}${path}`);
    await answer.body.dump();
    return answer.statusCode;
  };
  return { child, url, get };
}

function urlOf(stdout: UnreadPipe): Promise<string> {
  let printed = "";
  return vi.waitUntil(() => {
    printed += stdout.read();
    return /listening on (http:[^"\s]+)/.exec(printed)?.[1];
  }, patience);
}

/** Produces far more log lines than a pipe holds. */
async function fill({ get }: Stalled): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => get("/healthz")));
    expect(new Set(answers)).toEqual(new Set([200]));
  }
}

describe("a server whose log nobody reads", () => {
  it.each(["json", "pretty"])("keeps answering, and exits with 0 at SIGTERM (%s)", async (LOG_FORMAT) => {
    const server = await serveUnread({ environment: { LOG_FORMAT } });
    await fill(server);
    server.child.kill("SIGTERM");
    // At its limit it would exit with 1.
    expect(await exitOf(server.child)).toBe(0);
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "ends at once at a second signal, whatever the first was (%s)",
    async (second) => {
      const { sandbox, environment } = await hangingGraph();
      const server = await serveUnread({ environment });
      await fill(server);
      const unanswered = post(server.url).catch(() => {});
      await expect.poll(() => sandbox.graph.requestCount).toBe(1);
      server.child.kill("SIGTERM");
      await expect.poll(() => server.get("/readyz")).toBe(503);
      expect(server.child.exitCode).toBeNull();
      server.child.kill(second);
      // Without it the attempt would be given up after 11 s, and the server would exit with 0.
      expect(await exitOf(server.child)).toBe(1);
      await unanswered;
    },
  );

  it("exits with 0 at SIGTERM although a thread never returns", async () => {
    const server = await serveUnread({ preload: hangingThread });
    server.child.kill("SIGTERM");
    // At its limit it would exit with 1.
    expect(await exitOf(server.child)).toBe(0);
  });

  it("exits with 1 at its limit if a step of the shutdown never ends", async () => {
    const server = await serveUnread({ preload: `${hangingThread}; ${hangingShutdown}` });
    await fill(server);
    server.child.kill("SIGTERM");
    // Without a limit it would not end.
    expect(await exitOf(server.child)).toBe(1);
  });

  it("exits with 1 at an uncaught error", async () => {
    const server = await serveUnread({ preload: `${fullStderr}; ${hangingThread}; ${uncaughtAtSigusr2}` });
    await fill(server);
    server.child.kill("SIGUSR2");
    // Nothing else ends it.
    expect(await exitOf(server.child)).toBe(1);
  });
});

const hangingThread = `
  import { execFileSync } from "node:child_process";
  import { mkdtempSync, open, rmSync } from "node:fs";
  import { tmpdir } from "node:os";
  const folder = mkdtempSync(tmpdir() + "/message-sender-hang-");
  const path = folder + "/pipe";
  execFileSync("mkfifo", [path]);
  open(path, "r", () => {});
  setTimeout(() => rmSync(folder, { recursive: true }), 500).unref()`;
const hangingShutdown = `
  import { Server } from "node:http";
  Server.prototype.close = () => {}`;
const fullStderr = `process.stderr.write("x".repeat(1_000_000))`;
const uncaughtAtSigusr2 = `process.on("SIGUSR2", () => { throw new Error("uncaught"); })`;

/** Attempts stay in flight for as long as a shutdown allows. */
async function hangingGraph() {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  sandbox.faults.add({ target: "graph", effect: { hang: true } });
  const environment = {
    ...settingsFor(sandbox),
    ATTEMPT_TIMEOUT_MS: "60000",
  };
  return { sandbox, environment };
}
