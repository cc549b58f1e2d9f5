import { startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";

import { failureOf } from "../../support/command-failure.ts";
import { runInProcess } from "../../support/command-in-process.ts";
import { usePostgres } from "../../support/postgres.ts";
import { exitOf, post, runCommand, serve, settingsFor } from "../../support/serve-process.ts";

const postgres = usePostgres();

async function serveTwo(environment: Record<string, string> = {}) {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const server = await serve(["--processes", "2"], {
    ...settingsFor(sandbox),
    DATABASE_URL: postgres.url,
    LOG_FORMAT: "json",
    ...environment,
  });
  const lines = () =>
    server
      .stdout()
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  /** The ids of the processes that serve, by their number. */
  const processIds = () =>
    new Map(lines().flatMap(({ msg, process: number, pid }) => (msg === "starting" ? [[number, Number(pid)]] : [])));
  return { ...server, sandbox, lines, processIds };
}

/** Together, so that each has a connection of its own. */
function sendMany(url: string, count: number) {
  return Promise.all(Array.from({ length: count }, () => post(url)));
}

describe("a server of two processes", () => {
  it("shares the port, says once that it listens, shows the metrics of both, and ends with 0 after all are served", async () => {
    const { url, child, lines } = await serveTwo();
    // The system gives each connection to one of them at random.
    for (const answer of await sendMany(url, 20)) expect(answer.statusCode).toBe(200);
    const served = () => new Set(lines().flatMap(({ msg, process: number }) => (msg === "request" ? [number] : [])));
    await expect.poll(served, { timeout: 20_000 }).toEqual(new Set([1, 2]));
    expect(lines().filter(({ msg }) => String(msg).startsWith("listening on"))).toEqual([
      expect.objectContaining({ processes: 2 }),
    ]);
    const textAt = async (path: string) => (await request(`${url}${path}`)).body.text();
    const shown = async () => {
      const metrics = await textAt("/metrics");
      const accepted = [...metrics.matchAll(/^message_sender_messages_accepted_total\{process="(\d)"\} (\d+)$/gm)];
      return {
        processes: accepted.map(([, number]) => number),
        accepted: accepted.reduce((sum, [, , count]) => sum + Number(count), 0),
        types: metrics.match(/^# TYPE message_sender_messages_accepted_total/gm),
      };
    };
    // A process that does not answer within a second is left out.
    await expect.poll(shown).toMatchObject({ processes: ["1", "2"], accepted: 20, types: [expect.anything()] });
    const overview = async () =>
      [...(await textAt("/console")).matchAll(/id="process-(\d)"/g)].map(([, number]) => number);
    await expect.poll(overview).toEqual(["1", "2"]);
    expect(await textAt("/console")).toMatch(/<dt>Sent<\/dt><dd><a [^>]*>20<\/a>/);
    child.kill("SIGTERM");
    expect(await exitOf(child)).toBe(0);
    expect(lines().filter(({ msg }) => msg === "shut down")).toHaveLength(2);
  });

  it("goes on when one of them is killed, replaces it, and leaves none behind if the parent is killed", async () => {
    const { url, child, processIds, lines } = await serveTwo();
    const killed = processIds().get(2) ?? 0;
    process.kill(killed, "SIGKILL");
    await expect.poll(() => lines().some(({ msg }) => msg === "a process has ended"), { timeout: 20_000 }).toBe(true);
    expect((await post(url)).statusCode).toBe(200);
    await expect.poll(() => processIds().get(2), { timeout: 60_000 }).not.toBe(killed);
    expect((await post(url)).statusCode).toBe(200);

    const ids = [...processIds().values()];
    expect(ids).toHaveLength(2);
    child.kill("SIGKILL");
    const isAlive = (id: number) => {
      try {
        return process.kill(id, 0);
      } catch {
        return false;
      }
    };
    await expect.poll(() => ids.filter(isAlive), { timeout: 60_000 }).toEqual([]);
  });
});

describe("several processes are refused", () => {
  it.each([["sqlite:messages.db"], ["memory:"]])("on %s", async (databaseUrl) => {
    const { code, stderr } = await failureOf(
      runInProcess(["serve", "--processes", "2"], { DATABASE_URL: databaseUrl }),
    );
    expect(code).toBe(2);
    expect(stderr).toContain("needs a DATABASE_URL of PostgreSQL");
  });

  it("once, if a setting is wrong", async () => {
    const { code, stderr } = await failureOf(runCommand(["serve", "--processes", "3"], { DATABASE_URL: postgres.url }));
    expect(code).toBe(2);
    expect(stderr.match(/TENANT_SERVICE_URL/g)).toHaveLength(1);
  });
});
