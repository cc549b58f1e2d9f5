import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { text } from "@message-sender/core";
import type { HistoryEntry } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { startSandbox } from "@message-sender/emulator";
import {
  createConversationServiceHistory,
  createInlineTenants,
  createServiceClient,
  createTenantServiceCallbacks,
  createTenantServiceCredentials,
  createTenantServiceQuota,
  openTenantsFile,
  tenantsJsonSchema,
} from "@message-sender/http-adapter/outbound";
import { createService } from "@message-sender/server";
import { Ajv2020 } from "ajv/dist/2020.js";
import { request } from "undici";
import { expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";

import { runInProcess } from "../../support/command-in-process.ts";
import { openDocument } from "../../support/documented-blocks.ts";
import { runShell } from "../../support/shell.ts";

const document = await openDocument("docs/services.md");
const json = <Shape = Readonly<Record<string, string>>>(has: string) =>
  JSON.parse(document.block("json", has)) as Shape;

const waba = json('"waba_access_token"');
const reserving = json<{ readonly amount: number }>('"ttl_seconds"');
const reservation = json('"reservation_id"');
const settling = json('"used": 73');
const reading = json('"used": 688');
const receiver = json('"status_callback_url"');
const batch = json<{ readonly messages: readonly [DocumentedEntry] }>('"messages":');
const results = json('"results":');
const message = json<DocumentedEntry>('"direction": "outbound"');

interface DocumentedEntry {
  readonly message_id: string;
  readonly version: number;
  readonly tenant_id: string;
  readonly outlet_id: string;
  readonly to: string;
  readonly message: string;
  readonly whatsapp_message_id: string;
  readonly sent_at: string;
}

interface Recorded {
  readonly route: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

type Answers = Readonly<Record<string, readonly [status: number, body?: object]>>;

const answers: Answers = {
  "GET /tenants/acme/outlets/jakarta-1/waba": [200, waba],
  "POST /tenants/acme/quota/reservations": [201, reservation],
  [`POST /tenants/acme/quota/reservations/${String(reservation["reservation_id"])}/settle`]: [204],
  "POST /conversations/budi/messages": [201],
  "POST /conversations/messages/batch": [207, results],
};

/** A service that gives these answers, at the time that the document speaks of. */
async function startServices(given: Answers = answers) {
  const recorded: Recorded[] = [];
  const server = createServer(async (incoming, response) => {
    let body = "";
    for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
    const route = `${incoming.method} ${incoming.url?.replace("/api/v1", "")}`;
    recorded.push({ route, headers: incoming.headers, body: body === "" ? undefined : JSON.parse(body) });
    const [status, answer] = given[route] ?? [404];
    response.writeHead(status, { date: "Sat, 31 Jan 2026 10:00:00 GMT" }).end(answer && JSON.stringify(answer));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createServiceClient({ url });
  onTestFinished(() => client.close());
  return { url, client, recorded };
}

async function startSender(url: string, serviceToken: string) {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const urls = { graphUrl: sandbox.graphUrl, tenantServiceUrl: url, conversationServiceUrl: url };
  const service = await createService({ databaseUrl: "memory:", ...urls, serviceToken, pacing: { rates: false } });
  onTestFinished(() => service.close());
  const traceparent = `00-${"1".repeat(32)}-${"2".repeat(16)}-01`;
  const customer = { tenantId: "acme", outletId: "jakarta-1", conversationId: "budi", to: message.to, traceparent };
  return { sandbox, ...service, send: () => service.sender.send({ ...customer, content: text(message.message) }) };
}

it("a server makes the requests of docs/services.md, and takes its answers", async () => {
  const services = await startServices();
  const { send, close } = await startSender(services.url, "service-token");
  expect((await send())._unsafeUnwrap().message.attempts).toHaveLength(1);
  await expect.poll(() => services.recorded.map(({ route }) => route)).toContain("POST /conversations/budi/messages");
  await close();

  const requests = new Map(services.recorded.map(({ route, ...request }) => [route, request]));
  const of = (route: string) => requests.get(route) ?? { headers: {} as IncomingHttpHeaders, body: undefined };
  expect(Object.keys(answers).filter((route) => !requests.has(route))).toEqual(["POST /conversations/messages/batch"]);
  for (const { headers } of services.recorded) {
    expect(headers).toMatchObject({ accept: "application/json", authorization: "Bearer service-token" });
  }
  expect(of("POST /tenants/acme/quota/reservations").body).toEqual(reserving);
  expect(of("POST /tenants/acme/quota/reservations").headers).toHaveProperty("idempotency-key");
  const settled = [...requests].find(([route]) => route.endsWith("/settle"))?.[1].body;
  expect(Object.keys(settled as object)).toEqual(Object.keys(settling));
  const told = of("POST /conversations/budi/messages");
  const { message_id, version, whatsapp_message_id, sent_at } = told.body as DocumentedEntry;
  expect(told.body).toEqual({ ...message, message_id, version, whatsapp_message_id, sent_at });
  expect(told.headers).toMatchObject({ "idempotency-key": message_id, traceparent: expect.any(String) });
});

it("the clients read each of its answers", async () => {
  const { client } = await startServices({
    ...answers,
    "GET /tenants/acme/quota": [200, reading],
    "GET /tenants/acme/callbacks": [200, receiver],
  });
  const outlet = { tenantId: "acme", outletId: "jakarta-1" };
  const credential = (await createTenantServiceCredentials(client).lookup(outlet))._unsafeUnwrap();
  expect(credential).toMatchObject({ phoneNumberId: waba["phone_number_id"], wabaId: waba["waba_id"] });
  const found = (await createTenantServiceCallbacks(client).lookup("acme"))._unsafeUnwrap();
  expect(found).toMatchObject({ url: receiver["status_callback_url"] });

  const clock = createSystemClock();
  const asked = { id: "block-1", tenantId: "acme", amount: reserving.amount, ttlMs: 30_000 };
  const block = (await createTenantServiceQuota(client, { clock }).reserve(asked))._unsafeUnwrap();
  expect(block).toMatchObject({ id: reservation["reservation_id"], granted: reservation["granted"] });
  expect(Math.abs(block.expiresAt.getTime() - clock.now().getTime() - 30_000)).toBeLessThan(10_000);

  const plain = await startServices({ "GET /tenants/acme/quota": [200, reading] });
  const counted = createTenantServiceQuota(plain.client, { clock });
  const all = (await counted.reserve({ ...asked, amount: 1000 }))._unsafeUnwrap();
  expect(all.granted).toBe(reading["remaining"]);
});

it("the Conversation Service gets one entry and several as shown, and its results count", async () => {
  const { client, recorded } = await startServices();
  const { store } = createConversationServiceHistory(client);
  const entry = {
    messageId: message.message_id as HistoryEntry["messageId"],
    version: message.version,
    correction: false,
    conversationId: "budi",
    outlet: { tenantId: message.tenant_id, outletId: message.outlet_id },
    to: message.to,
    content: text(message.message),
    whatsappMessageId: message.whatsapp_message_id,
    status: "sent",
    sentAt: new Date(message.sent_at),
  } satisfies HistoryEntry;
  expect((await store([entry]))._unsafeUnwrap()).toEqual(["stored"]);
  const other = { ...entry, messageId: "018f2b6c-7d1e-7a40-9c3b-2f5d8e6a1b91" as HistoryEntry["messageId"] };
  expect((await store([entry, other]))._unsafeUnwrap()).toMatchObject(["stored", { kind: "retry" }]);
  expect(recorded.map(({ body }) => body)).toEqual([
    message,
    { messages: [batch.messages[0], { ...batch.messages[0], message_id: other.messageId }] },
  ]);
});

it("its TENANTS_FILE is accepted by the server, and valid by the schema that its first line names", async () => {
  const folder = await mkdtemp(join(tmpdir(), "services-tenants-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const yaml = document.block("yaml", "yaml-language-server");
  await writeFile(join(folder, "tenants.yaml"), yaml, { mode: 0o600 });
  const file = (await openTenantsFile(join(folder, "tenants.yaml")))._unsafeUnwrap();
  await file.close();
  expect(file.outlets()).toHaveLength(3);
  expect(file.callbacks.known("acme")).toMatchObject({ url: "https://acme.example.com/callbacks" });
  expect(new Ajv2020({ strict: false }).compile(tenantsJsonSchema())(parse(yaml))).toBe(true);

  await runInProcess(["init", join(folder, "new")]);
  const [, schema = ""] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(yaml) ?? [];
  await access(join(folder, "new", schema));
  const [path = ""] = Object.keys(json<{ "yaml.schemas": object }>('"yaml.schemas"')["yaml.schemas"]);
  await access(join(folder, "new", path));
  const main = {
    waba_access_token: "EAAG",
    phone_number_id: "1",
    ...(parse(document.block("yaml", "provider: {")) as object),
  };
  const tenants = { acme: { quota: { limit: 1, period: "none" as const }, outlets: { main } } };
  expect(createInlineTenants(tenants).isOk()).toBe(true);
});

it("its program is a Tenant Service and a Conversation Service", async () => {
  const folder = await mkdtemp(join(tmpdir(), "services-program-"));
  const program = document.program("services.ts").replace("limit: 1000", "limit: 2");
  await writeFile(join(folder, "services.ts"), program);
  const start = document.block("sh", "node services.ts");
  const [, token = ""] = /^export SERVICE_TOKEN=(\S+)\nnode services\.ts &\n/.exec(start) ?? [];
  const child = spawn(process.execPath, ["services.ts"], { cwd: folder, env: { PORT: "0", SERVICE_TOKEN: token } });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += String(chunk)));
  await expect.poll(() => printed).toMatch(/port: \d+/);
  const url = `http://127.0.0.1:${/port: (\d+)/.exec(printed)?.[1]}`;

  const { send, sender, close, sandbox } = await startSender(url, token);
  const settings = Object.fromEntries(
    [...start.matchAll(/([A-Z_]+_URL)=(\S+)/g)].map(([, name = "", value = ""]) => [
      name,
      value.replace("http://127.0.0.1:8000", url),
    ]),
  );
  expect(settings).toEqual({ TENANT_SERVICE_URL: url, CONVERSATION_SERVICE_URL: url });
  const outlet = ["--tenant", "acme", "--outlet", "jakarta-1"];
  const environment = { ...settings, SERVICE_TOKEN: token, GRAPH_API_URL: sandbox.graphUrl };
  const { stdout } = await runInProcess(["doctor", ...outlet], environment);
  expect(stdout).toMatch(/^ok +Tenant Service at/m);
  expect(stdout).toMatch(/^ok +Conversation Service at/m);

  const sent = (await send())._unsafeUnwrap().message;
  expect((await send()).isOk()).toBe(true);
  expect(await send()).toMatchObject({ error: { kind: "QuotaExceeded" } });
  const unknown = { tenantId: "globex", outletId: "main", conversationId: "ani", to: "+628123456780" };
  expect(await sender.send({ ...unknown, content: text("Hi") })).toMatchObject({ error: { kind: "OutletUnknown" } });
  const storedAgain = async () => {
    const body = JSON.stringify({ message_id: sent.id, version: sent.version });
    const headers = { authorization: `Bearer ${token}` };
    return (await request(`${url}/api/v1/conversations/budi/messages`, { method: "POST", headers, body })).statusCode;
  };
  await expect.poll(storedAgain).toBe(409);
  await close();
  const asked = await runShell(document.block("sh", "/quota").replace("http://127.0.0.1:8000", url));
  expect(JSON.parse(asked)).toEqual({ limit: 2, used: 2 });
});

it("each other block of it is checked too", () => {
  expect(document.untested()).toEqual([]);
});
