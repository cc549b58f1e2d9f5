import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { apiKeysFile } from "../../support/api-keys.ts";
import { rawExchange } from "../../support/raw-exchange.ts";
import { exitOf, runCommand, serve } from "../../support/serve-process.ts";

/** The URLs that a server has said it listens on. */
async function urlsOf(environment: Record<string, string>) {
  const server = await serve(["--sandbox"], environment);
  const line =
    server
      .stdout()
      .split("\n")
      .find((each) => each.includes("listening on")) ?? "{}";
  const { docs_url, metrics_url } = JSON.parse(line) as Record<string, string>;
  return { ...server, docs: docs_url, metrics: metrics_url };
}

/** The status of an answer, and its media type. */
async function ask(url: string, host = "localhost") {
  const { pathname } = new URL(url);
  const answer = await rawExchange(url, `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close`);
  return {
    status: Number(answer.slice(9, 12)),
    isProblem: /^content-type: application\/problem\+json\r$/im.test(answer),
  };
}

const statusOf = async (url: string, host?: string) => (await ask(url, host)).status;

const origin = (url = "") => new URL(url).origin;

it("documents and metrics can have ports of their own, which serve nothing else", async () => {
  const { url, docs, metrics, child } = await urlsOf({ DOCS_PORT: "0", METRICS_PORT: "0" });
  expect(new Set([url, origin(docs), origin(metrics)]).size).toBe(3);
  expect(await statusOf(`${origin(docs)}/openapi.json`)).toBe(200);
  for (const other of [url, origin(metrics)]) expect(await statusOf(`${other}/openapi.json`)).toBe(404);
  for (const path of ["/api/v1/messages/none", "/healthz", "/webhooks/whatsapp", "/"]) {
    for (const other of [origin(docs), origin(metrics)]) expect(await statusOf(`${other}${path}`)).toBe(404);
  }
  expect(await statusOf(`${url}/healthz`)).toBe(200);
  expect(await ask(`${origin(metrics)}/healthz`)).toEqual({ status: 404, isProblem: true });
  child.kill("SIGTERM");
  expect(await exitOf(child)).toBe(0);
});

it("without ports of their own they are where the API is", async () => {
  const { url, docs, metrics } = await urlsOf({});
  expect([docs, metrics]).toEqual([undefined, undefined]);
  expect(await statusOf(`${url}/openapi.json`)).toBe(200);
});

it("a Host is checked on each port", async () => {
  const { docs } = await urlsOf({ DOCS_PORT: "0" });
  expect(await statusOf(`${origin(docs)}/openapi.json`, "evil.example")).toBe(403);
});

it("a port that is taken is named by its setting, and nothing is left behind", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const database = join(dirname(await apiKeysFile()), "store.db");
  const environment = { PORT: "0", METRICS_PORT: String(port), DATABASE_URL: `sqlite:${database}` };
  const failed = await runCommand(["serve", "--sandbox"], environment).catch((error: { stderr: string }) => error);
  expect(failed.stderr).toContain(`METRICS_PORT: ${port} of 127.0.0.1 is in use by another process`);
  expect(await readdir(dirname(database))).toEqual([]);
});
