import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { apiKeysFile, newKey } from "../../support/api-keys.ts";
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
async function ask(url: string, { host = "localhost", key = "" } = {}) {
  const head = `GET ${new URL(url).pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close`;
  const answer = await rawExchange(url, key === "" ? head : `${head}\r\nAuthorization: Bearer ${key}`);
  return {
    status: Number(answer.slice(9, 12)),
    isProblem: /^content-type: application\/problem\+json\r$/im.test(answer),
  };
}

const statusOf = async (url: string, from?: { host?: string; key?: string }) => (await ask(url, from)).status;

async function keysFile(): Promise<string> {
  const path = await apiKeysFile();
  await newKey(path);
  return path;
}

const origin = (url = "") => new URL(url).origin;

it("documents and metrics can have ports of their own, which serve nothing else and check the Host", async () => {
  const { url, docs, metrics, child, printed } = await urlsOf({ DOCS_PORT: "0", METRICS_PORT: "0" });
  expect(new Set([url, origin(docs), origin(metrics)]).size).toBe(3);
  expect(await statusOf(`${origin(docs)}/openapi.json`)).toBe(200);
  expect(await statusOf(`${origin(docs)}/openapi.json`, { host: "evil.example" })).toBe(403);
  for (const other of [url, origin(metrics)]) expect(await statusOf(`${other}/openapi.json`)).toBe(404);
  for (const path of ["/api/v1/messages/none", "/healthz", "/webhooks/whatsapp", "/"]) {
    for (const other of [origin(docs), origin(metrics)]) expect(await statusOf(`${other}${path}`)).toBe(404);
  }
  expect(await (await fetch(`${origin(docs)}/openapi.json`)).json()).toMatchObject({ servers: [{ url }] });
  await expect.poll(printed).toMatch(new RegExp(`^API documentation: ${docs}$`, "m"));
  await expect.poll(printed).toMatch(new RegExp(`^Metrics: ${metrics}$`, "m"));
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

it("the document names the host that was asked, if the API listens on all addresses", async () => {
  const { url, docs } = await urlsOf({ DOCS_PORT: "0", HOST: "0.0.0.0", API_KEYS_FILE: await keysFile() });
  const { port } = new URL(url);
  const answer = await fetch(`http://127.0.0.2:${new URL(docs ?? "").port}/openapi.json`);
  expect(await answer.json()).toMatchObject({ servers: [{ url: `http://127.0.0.2:${port}` }] });
});

it("metrics are on their own port alone, and need their scope there too", async () => {
  const path = await apiKeysFile();
  const [send, scrape] = [await newKey(path, { scopes: ["send"] }), await newKey(path, { scopes: ["metrics"] })];
  const { url, metrics = "" } = await urlsOf({ METRICS_PORT: "0", API_KEYS_FILE: path });
  expect(await statusOf(metrics)).toBe(401);
  expect(await statusOf(metrics, { key: send.key })).toBe(403);
  expect(await statusOf(metrics, { key: scrape.key })).toBe(200);
  expect(await statusOf(`${url}/metrics`, { key: scrape.key })).toBe(404);
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
