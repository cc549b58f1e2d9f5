import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";

import { startService } from "../../support/running-service.ts";
import { serveHere } from "../../support/serve-here.ts";
import { exitOf, post, runCommand, serve, settingsFor } from "../../support/serve-process.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "message-sender-serve-"));
  path = join(folder, "store.db");
  return () => rmSync(folder, { recursive: true, force: true });
});

/** A server on the file, with emulated services, but without a sandbox of its own. */
async function serveFile() {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const server = await serve([], {
    DATABASE_URL: `sqlite:${path}`,
    ...settingsFor(sandbox),
  });
  return { ...server, sandbox };
}

async function ready(url: string): Promise<number> {
  const answer = await request(`${url}/readyz`);
  await answer.body.dump();
  return answer.statusCode;
}

async function sent(url: string): Promise<readonly [status: number, retryAfter: unknown]> {
  const answer = await post(url);
  await answer.body.dump();
  return [answer.statusCode, answer.headers["retry-after"]];
}

interface Failure {
  readonly code: number;
  readonly stderr: string;
}

async function failed(args: readonly string[], environment: Record<string, string>): Promise<Failure> {
  const result = await runCommand(args, { PORT: "0", ...environment }, folder).catch((error: Failure) => error);
  expect(result).toMatchObject({ code: expect.any(Number) });
  return result as Failure;
}

describe("a sandbox", () => {
  it("keeps its messages in memory if no database is named", async () => {
    const { url, child } = await serve(["--sandbox"], { DATABASE_URL: "" }, folder);
    expect((await sent(url))[0]).toBe(200);
    child.kill("SIGTERM");
    expect(await exitOf(child)).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("does not mix with production: its file is refused without --sandbox, and a real file with it", async () => {
    const DATABASE_URL = `sqlite:${path}`;
    const sandbox = await startService({ environment: { DATABASE_URL } });
    expect((await sandbox.send()).status).toBe(200);
    await sandbox.close();
    const tenants = { TENANT_SERVICE_URL: "http://127.0.0.1:9" };
    const refused = await failed(["serve"], { DATABASE_URL, ...tenants });
    expect(refused.stderr).toMatch(/DATABASE_URL.*sandbox's messages.*name another file, or run with --sandbox/);

    rmSync(path);
    await (await serveHere({ DATABASE_URL, ...tenants })).close();
    expect((await failed(["serve", "--sandbox"], { DATABASE_URL })).stderr).toMatch(/DATABASE_URL.*real messages/);
  });
});

describe("a start that fails", () => {
  const tenants = { TENANT_SERVICE_URL: "http://127.0.0.1:9" };

  it.each<[string, Record<string, string>]>([
    ["an invalid setting", { ...tenants, RETRY_JITTER: "-1" }],
    ["no tenants", {}],
    ["unknown failpoints", { ...tenants, FAILPOINTS: "nowhere" }],
    ["a port that is taken", { ...tenants, PORT: "taken" }],
  ])("because of %s leaves no database behind", async (_, environment) => {
    const taken = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as AddressInfo;
    const PORT = environment["PORT"] === "taken" ? String(port) : "0";
    await failed(["serve"], { DATABASE_URL: "", ...environment, PORT });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(["missing.yaml", "invalid.yaml"])(
    "because of the tenants file %s leaves no database behind",
    async (name) => {
      writeFileSync(join(folder, "invalid.yaml"), "tenants: 5", { mode: 0o600 });
      const started = serveHere({ DATABASE_URL: `sqlite:${path}`, TENANTS_FILE: join(folder, name) });
      await expect(started).rejects.toThrow(/^createService: tenantsFile: /);
      expect(readdirSync(folder)).toEqual(["invalid.yaml"]);
    },
  );

  it("keeps an existing database", async () => {
    await (await serveHere({ DATABASE_URL: `sqlite:${path}`, ...tenants })).close();
    const taken = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as AddressInfo;
    const { stderr } = await failed(["serve"], { ...tenants, DATABASE_URL: `sqlite:${path}`, PORT: String(port) });
    expect(stderr).toContain(`PORT: ${port} of 127.0.0.1 is in use by another process`);
    expect(existsSync(path)).toBe(true);
  });
});

describe("a server whose disk", () => {
  it("is full is not ready and stores nothing, and recovers by itself once there is room", async () => {
    const { url, child, sandbox } = await serveFile();
    expect(await sent(url)).toEqual([200, undefined]);
    expect(await ready(url)).toBe(200);
    const limit = (bytes: string) =>
      execFileSync("prlimit", ["--pid", String(child.pid), `--fsize=${bytes}:unlimited`]);
    limit("0");
    await expect.poll(() => ready(url)).toBe(503);
    const before = sandbox.graph.requestCount;
    const [status, retryAfter] = await sent(url);
    expect([status, Number(retryAfter) > 0]).toEqual([503, true]);
    expect(sandbox.graph.requestCount).toBe(before);
    limit("unlimited");
    await expect.poll(() => ready(url)).toBe(200);
    expect((await sent(url))[0]).toBe(200);
  });

  it("fills up while WhatsApp answers reports an unknown outcome, and records it once there is room", async () => {
    const { url, child, sandbox } = await serveFile();
    const limit = (bytes: string) =>
      execFileSync("prlimit", ["--pid", String(child.pid), `--fsize=${bytes}:unlimited`]);
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { delayMs: 3000 } });
    const sending = post(url);
    await expect.poll(() => sandbox.graph.requestCount).toBe(1);
    limit("0");
    const answer = await sending;
    const { message_id: id } = (await answer.body.json()) as { message_id: string };
    expect(answer.statusCode).toBe(504);
    limit("unlimited");
    const status = async () => {
      const found = await request(`${url}/api/v1/messages/${id}/status`);
      return ((await found.body.json()) as { status?: string }).status;
    };
    await expect.poll(status).toBe("sent");
  });

  it("lost the file refuses sends within 5 s, reports it, and leaves the path to another server", async () => {
    const { url, printed, sandbox } = await serveFile();
    expect((await sent(url))[0]).toBe(200);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    unlinkSync(path);
    await expect.poll(printed).toMatch(/"level":50.*store\.db was deleted, moved or replaced/);
    await expect.poll(() => ready(url)).toBe(503);
    const before = sandbox.graph.requestCount;
    expect((await sent(url))[0]).toBe(503);
    expect(sandbox.graph.requestCount).toBe(before);

    unlinkSync(`${path}-wal`);
    const second = await serveFile();
    expect((await sent(second.url))[0]).toBe(200);
    expect((await sent(url))[0]).toBe(503);
  });
});
