import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { startSandbox } from "@message-sender/emulator";
import { describe, expect, it, onTestFinished } from "vitest";

import { apiKeysFile, newKey } from "../../support/api-keys.ts";
import { runInProcess } from "../../support/command-in-process.ts";
import { usePostgres } from "../../support/postgres.ts";
import { exitOf, serve } from "../../support/serve-process.ts";

const postgres = usePostgres();

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "message-sender-doctor-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Runs `doctor` in an environment in which everything but the store is fine. */
async function doctor(environment: Record<string, string>): Promise<{ code: number; said: string }> {
  const sandbox = await startSandbox();
  const around = { GRAPH_API_URL: sandbox.graphUrl, TENANT_SERVICE_URL: sandbox.tenantUrl };
  const done = await runInProcess(["doctor"], { ...around, PORT: "0", ...environment }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, said: error.stdout }),
  );
  await sandbox.close();
  return done;
}

describe("doctor and the file of API keys:", () => {
  it("counts the keys, and says why a file cannot be used", async () => {
    const path = await apiKeysFile();
    const settings = { API_KEYS_FILE: path, DATABASE_URL: `sqlite:${join(folder(), "store.db")}` };
    expect(await doctor(settings)).toEqual({
      code: 1,
      said: expect.stringContaining("FAIL  API_KEYS_FILE: cannot be read"),
    });
    await newKey(path);
    expect(await doctor(settings)).toEqual({
      code: 0,
      said: expect.stringContaining("ok    API_KEYS_FILE, with 1 key\n"),
    });
  });
});

describe("doctor and the receiver of status callbacks:", () => {
  const secret = {
    CALLBACK_SECRET: "whsec_dGhlLXNhbmRib3gtaGFzLW5vLXNlY3JldHM=",
    DATABASE_URL: "memory:",
  };

  it.each(["http://127.0.0.1:9/callbacks", "http://localhost:9/callbacks", "http://[::1]:9/callbacks"])(
    "fails for one to which nothing is sent, because its address is private: %s",
    async (url) => {
      const { code, said } = await doctor({ ...secret, STATUS_CALLBACK_URL: url });
      expect(code).toBe(1);
      expect(said).toContain(
        `FAIL  receiver of status callbacks at ${url}: a private address, to which nothing is sent`,
      );
      expect(said).toContain("CALLBACK_ALLOW_PRIVATE=on");
    },
  );

  it("asks it whether it answers, once private addresses are allowed", async () => {
    const receiver = await startSandbox();
    onTestFinished(() => receiver.close());
    const url = receiver.callbacks.url;
    const { said } = await doctor({ ...secret, STATUS_CALLBACK_URL: url, CALLBACK_ALLOW_PRIVATE: "on" });
    expect(said).toContain(`ok    receiver of status callbacks at ${url}`);
  });

  const answering = async (statusTo: (method: string) => number): Promise<string> => {
    const server = createServer((request, response) => response.writeHead(statusTo(request.method ?? "")).end());
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  };
  const everywhere = (url: string) => ({
    ...secret,
    STATUS_CALLBACK_URL: url,
    CALLBACK_ALLOW_PRIVATE: "on",
    WEBHOOK_FORWARD_URL: url,
    WHATSAPP_APP_SECRET: "some-secret",
    WHATSAPP_VERIFY_TOKEN: "some-token",
  });

  it("warns of a path that the server does not know, also for forwarded webhooks", async () => {
    const url = await answering(() => 404);
    const { said } = await doctor(everywhere(url));
    expect(said).toContain(`WARN  receiver of status callbacks at ${url}: answered HTTP 404`);
    expect(said).toContain(`WARN  webhook receiver at ${url}: answered HTTP 404`);
  });

  it.each([
    ["knows the path for POST only", (method: string) => (method === "POST" ? 401 : 404)],
    ["refuses other methods", () => 405],
    ["refuses what is not signed", () => 401],
    ["refuses what has no content", () => 400],
    ["takes anything", () => 204],
  ])("is content with one that %s", async (_, statusTo) => {
    const url = await answering(statusTo);
    const { said } = await doctor(everywhere(url));
    expect(said).toContain(`ok    receiver of status callbacks at ${url}\n`);
    expect(said).toContain(`ok    webhook receiver at ${url}\n`);
  });
});

it("doctor and config print JSON too", async () => {
  const settings = {
    DATABASE_URL: "memory:",
    GRAPH_API_URL: "http://127.0.0.1:9",
    TENANT_SERVICE_URL: "http://127.0.0.1:9",
  };
  const checked = await runInProcess(["doctor", "--json"], settings).catch((error: { stdout: string }) => error);
  expect(JSON.parse(checked.stdout)).toMatchObject({
    checks: expect.arrayContaining([
      { name: "settings", status: "ok", problem: null, advice: null },
      expect.objectContaining({
        name: "Tenant Service at http://127.0.0.1:9",
        status: "failed",
        problem: expect.stringContaining("cannot be reached"),
        advice: expect.stringContaining("check the URL"),
      }),
    ]),
  });
  const { checks } = JSON.parse(checked.stdout) as { checks: readonly Record<string, unknown>[] };
  for (const check of checks) {
    expect(Object.keys(check)).toEqual(["name", "status", "problem", "advice"]);
    expect([check["problem"] === null, check["advice"] === null]).toEqual(
      check["status"] === "ok" ? [true, true] : [false, false],
    );
  }
  const shown = await runInProcess(["config", "--json"], { ...settings, SERVICE_TOKEN: "canary" });
  expect(JSON.parse(shown.stdout)).toMatchObject({ PORT: "3000", DATABASE_URL: "memory:", TENANTS_FILE: null });
  expect(shown.stdout).not.toContain("canary");
});

describe("doctor and a SQLite store:", () => {
  it("does not create a missing file", async () => {
    const path = join(folder(), "store.db");
    const { code, said } = await doctor({ DATABASE_URL: `sqlite:${path}` });
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining(`ok    store at ${path}`) });
    expect(said).toContain("ok    commits of SQLite: journal_mode = wal, synchronous = full\n");
    expect(said).toMatch(/^(ok {4}disk of the store: [\d.]+ [MGT]B free|WARN {2}disk of the store: only )/m);
    expect(readdirSync(join(path, ".."))).toEqual([]);
  });

  it("says that serve will change the journal mode of a file that has another one", async () => {
    const path = join(folder(), "store.db");
    const sqlite = new DatabaseSync(path);
    sqlite.exec("PRAGMA user_version = 0; VACUUM");
    sqlite.close();
    const { said } = await doctor({ DATABASE_URL: `sqlite:${path}` });
    expect(said).toContain("journal_mode = delete, which serve changes to wal, synchronous = full\n");
  });

  it("fails for a file that is not a database", async () => {
    const path = join(folder(), "store.db");
    writeFileSync(path, "hello ".repeat(100));
    const { code, said } = await doctor({ DATABASE_URL: `sqlite:${path}` });
    expect({ code, said }).toEqual({
      code: 1,
      said: expect.stringContaining(`FAIL  store: DATABASE_URL: ${path} is damaged, or not a database\n`),
    });
  });

  it("asks the server that has the file open whether it is ready", async () => {
    const store = { DATABASE_URL: `sqlite:${join(folder(), "store.db")}` };
    const { child, url } = await serve(["--sandbox"], store);
    const ready = {
      code: 0,
      said: expect.stringContaining(`in use by another process: the server at ${url}\n`) as string,
    };
    expect(await doctor({ ...store, MESSAGE_SENDER_URL: url })).toEqual(ready);
    const { port } = new URL(url);
    expect(await doctor({ ...store, MESSAGE_SENDER_URL: "http://127.0.0.1:9", PORT: port })).toEqual(ready);
    const unreachable = await doctor({ ...store, MESSAGE_SENDER_URL: "http://127.0.0.1:9" });
    expect(unreachable).toEqual({ code: 1, said: expect.stringContaining("no server answers at http://127.0.0.1:9") });
    child.kill("SIGTERM");
    expect(await exitOf(child)).toBe(0);
    // Only a server with a sandbox can open the file now.
    expect(await doctor({ ...store, MESSAGE_SENDER_URL: url })).toEqual({
      code: 1,
      said: expect.stringContaining("it belongs to a sandbox"),
    });
  });
});

describe("doctor and a PostgreSQL store:", () => {
  it("reports the server's version", async () => {
    const { said } = await doctor({ DATABASE_URL: postgres.url });
    expect(said).toMatch(/^ok {4}store on PostgreSQL \d+/m);
  });

  it("fails if it cannot connect, and does not show the password", async () => {
    const { code, said } = await doctor({ DATABASE_URL: "postgres://user:canary@127.0.0.1:9/db?password=canary" });
    expect(code).toBe(1);
    expect(said).toContain("FAIL  store: DATABASE_URL: the PostgreSQL store failed: ECONNREFUSED\n");
    expect(said).not.toContain("canary");
  });
});

it("doctor accepts a store in memory", async () => {
  expect(await doctor({ DATABASE_URL: "memory:" })).toEqual({
    code: 0,
    said: expect.stringContaining("in-memory store"),
  });
});
