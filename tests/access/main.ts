import { deepEqual, equal, match, ok } from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { startSandbox } from "@message-sender/emulator";

import type { ClientAnswer } from "./client.ts";
import { createOtherHost } from "./other-host.ts";

// What another host sees of a server with API keys: the command itself, and a client in a network namespace of its own.

const command = [
  "--conditions=@message-sender/source",
  new URL("../../packages/cli/src/main.ts", import.meta.url).pathname,
];
const execute = promisify(execFile);

const folder = await mkdtemp(join(tmpdir(), "message-sender-access-"));
const host = await createOtherHost();
const outlet = { o1: { waba_access_token: "EAAtoken", phone_number_id: "1001" } };
const sandbox = await startSandbox({ tenants: { ours: { outlets: outlet }, theirs: { outlets: outlet } } });
const environment = {
  PATH: process.env["PATH"],
  API_KEYS_FILE: join(folder, "keys.json"),
  DATABASE_URL: "memory:",
  GRAPH_API_URL: sandbox.graphUrl,
  TENANT_SERVICE_URL: sandbox.tenantUrl,
  CONVERSATION_SERVICE_URL: sandbox.conversationUrl,
  PACING: "off",
  HOST: host.here,
  PORT: "0",
  LOG_FORMAT: "json",
  LOG_LEVEL: "info",
};

const keys = async (...args: string[]) => {
  const { stdout } = await execute(process.execPath, [...command, "keys", ...args, "--json"], { env: environment });
  return JSON.parse(stdout) as { id: string; key: string };
};
const create = (...args: string[]) => keys("create", "--name", "a test", ...args);
const all = await create("--all-tenants", "--scope", "send,read,admin");
const ours = await create("--tenant", "ours,ghosts", "--scope", "send,read,admin");
const reader = await create("--tenant", "ours", "--scope", "read", "--rate", "100", "--burst", "60000");

const server = spawn(process.execPath, [...command, "serve"], { env: environment });
let log = "";
server.stdout.on("data", (chunk) => (log += String(chunk)));
server.stderr.pipe(process.stderr);
while (!log.includes("listening on")) {
  ok(server.exitCode === null, log);
  await new Promise((resolve) => setTimeout(resolve, 50));
}
const url = /listening on (http:\/\/[\d.:]+)/.exec(log)?.[1] ?? "";

/** What every answer has of its own is left out. */
const same = { "x-request-id": "same", traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
function ask(key: string | undefined, path: string, body?: object): Promise<ClientAnswer> {
  return host.fetch({
    url: `${url}${path}`,
    method: body ? "POST" : "GET",
    headers: {
      ...same,
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}
const order = (tenant: string) => ({
  tenant_id: tenant,
  outlet_id: "o1",
  conversation_id: "c1",
  to: "+628123456789",
  message: "Hello",
  message_type: "text",
});
const sendTo = (key: string | undefined, tenant: string) => ask(key, "/api/v1/messages/send", order(tenant));
const shared = ({ status, headers, body }: ClientAnswer) => {
  const { date: _, ratelimit: __, ...others } = headers;
  return { status, body, headers: others };
};
const done = (what: string) => console.log(`ok  ${what}`);

try {
  equal((await sendTo(undefined, "ours")).status, 401);
  equal((await sendTo("msk_nothing", "ours")).status, 401);
  equal((await ask(undefined, "/readyz")).status, 200);
  equal(sandbox.graph.requestCount, 0);
  done("without a key: 401, and nothing is sent");

  const theirs = await sendTo(all.key, "theirs");
  equal(theirs.status, 200);
  const { message_id: id } = JSON.parse(theirs.body) as { message_id: string };
  const unknown = id.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  deepEqual(shared(await sendTo(ours.key, "theirs")), shared(await sendTo(ours.key, "ghosts")));
  for (const path of ["", "/status"]) {
    const foreign = await ask(ours.key, `/api/v1/messages/${id}${path}`);
    equal(foreign.status, 404);
    deepEqual(shared(foreign), shared(await ask(ours.key, `/api/v1/messages/${unknown}${path}`)));
    equal((await ask(all.key, `/api/v1/messages/${id}${path}`)).status, 200);
  }
  const abandon = { action: "abandon" };
  deepEqual(
    shared(await ask(ours.key, `/api/v1/messages/${id}/resolve`, abandon)),
    shared(await ask(ours.key, `/api/v1/messages/${unknown}/resolve`, abandon)),
  );
  done("a tenant sees nothing of another: 404, byte for byte like what does not exist");

  equal((await sendTo(reader.key, "ours")).status, 403);
  equal((await ask(reader.key, "/api/v1/messages/none")).status, 404);
  done("scopes hold");

  const left = async () => {
    const { headers } = await ask(reader.key, "/api/v1/messages/none");
    match(String(headers["ratelimit-policy"]), /^"default";q=60000;w=600$/);
    return Number(/^"default";r=(\d+);t=\d+$/.exec(String(headers["ratelimit"]))?.[1]);
  };
  const before = await left();
  deepEqual([await left(), await left(), await left()], [before - 1, before - 2, before - 3]);
  done("RateLimit counts down");

  equal((await sendTo(ours.key, "ours")).status, 200);
  await keys("revoke", ours.id);
  const revokedAt = performance.now();
  while ((await sendTo(ours.key, "ours")).status === 200) await new Promise((resolve) => setTimeout(resolve, 10));
  const tookMs = Math.round(performance.now() - revokedAt);
  ok(tookMs <= 1000, `a revoked key stopped only after ${tookMs} ms`);
  equal((await sendTo(ours.key, "ours")).status, 401);
  equal((await sendTo(all.key, "ours")).status, 200);
  done(`a revoked key stopped ${tookMs} ms after the command had ended`);
} finally {
  server.kill("SIGTERM");
  await once(server, "exit");
  await host.close();
  await sandbox.close();
  await rm(folder, { recursive: true });
}
