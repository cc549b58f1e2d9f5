import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { expect, it, onTestFinished } from "vitest";

import { startCallbackReceiver } from "../../support/callback-receiver.ts";
import { runInProcess } from "../../support/command-in-process.ts";
import { order, outlet, startService, tenant, until } from "../../support/running-service.ts";
import { serveHere } from "../../support/serve-here.ts";
import { post, serve, settingsFor } from "../../support/serve-process.ts";

const secretOf = (text: string) => `whsec_${Buffer.from(text.padEnd(32, "-")).toString("base64")}`;
const secret = secretOf("for everyone");
const ownSecret = secretOf("for one tenant");

/** The settings of callbacks to a receiver on this machine. */
const callbacksTo = (url: string) => ({
  STATUS_CALLBACK_URL: url,
  CALLBACK_SECRET: secret,
  CALLBACK_ALLOW_PRIVATE: "on",
});

it("a platform is told of each version of a message, signed and without its content", async () => {
  const receiver = await startCallbackReceiver(secret);
  const { send, get } = await startService({ environment: callbacksTo(receiver.url) });
  const answer = await send({ ...order, reference: "order-17", message: "secret words" });
  const id = String(answer.body["message_id"]);
  await until(() => receiver.taken.length === 3);
  expect(receiver.taken.map(({ data }) => `${data.version} ${data.status}`)).toEqual([
    "1 queued",
    "2 sending",
    "3 sent",
  ]);
  const [event] = receiver.taken.slice(-1);
  expect(event).toMatchObject({ id: `${id}:3`, type: "message.status" });
  expect(event?.data).toEqual({
    message_id: id,
    version: 3,
    tenant_id: order.tenant_id,
    outlet_id: order.outlet_id,
    conversation_id: order.conversation_id,
    to: order.to,
    reference: "order-17",
    status: "sent",
    whatsapp_message_id: answer.body["whatsapp_message_id"],
    queued_at: expect.any(String),
    sent_at: answer.body["sent_at"],
  });
  const status = await get(`/api/v1/messages/${id}/status`);
  expect(status.body).toMatchObject({ status: "sent", version: 3, sent_at: answer.body["sent_at"] });
  expect(JSON.stringify(receiver.taken)).not.toContain("secret words");
});

it("in a sandbox the sandbox receives them, and shows them", async () => {
  const { sandbox, send } = await startService({ sandbox: { tenants: { [tenant]: {} } } });
  const { body } = await send();
  await until(() => sandbox.callbacks.events.length === 3);
  expect(sandbox.callbacks.of(String(body["message_id"])).map(({ data }) => data["status"])).toEqual([
    "queued",
    "sending",
    "sent",
  ]);
  const shown = await request(`${sandbox.graphUrl}/__emulator/callbacks`);
  expect(await shown.body.json()).toMatchObject({ events: sandbox.callbacks.events });
});

it("serve --sandbox says where to see them", async () => {
  const server = await serve(["--sandbox"]);
  const urlOf = () => /curl -s (http:\S+__emulator\/callbacks)/.exec(server.printed())?.[1];
  await expect.poll(urlOf).toBeDefined();
  const url = urlOf() ?? "";
  expect((await post(server.url)).statusCode).toBe(200);
  const seen: string[] = [];
  await expect
    .poll(async () => {
      const { events } = (await (await request(url)).body.json()) as { events: { data: { status: string } }[] };
      seen.splice(0, seen.length, ...events.map(({ data }) => data.status));
      return seen.at(-1);
    })
    .toBe("read");
  expect(seen).toEqual(["queued", "sending", "sent", "delivered", "read"]);
});

it("a tenant's own receiver comes from the Tenant Service; a failing one delays no other, and can be replayed", async () => {
  const everyone = await startCallbackReceiver(secret);
  const own = await startCallbackReceiver(ownSecret, () => 410);
  const service = await startService({ environment: callbacksTo(everyone.url) });
  const { url, sandbox } = service;
  const printed = () => service.log.join("");
  sandbox.tenant.setCallbacks("own", { status_callback_url: own.url, secret: ownSecret });
  const send = (tenantId: string) => service.send({ ...order, tenant_id: tenantId });
  for (const tenantId of ["own", "other", "own", "other"]) expect((await send(tenantId)).status).toBe(200);
  await until(() => everyone.taken.length === 6 && own.requests === 6);
  expect(new Set(everyone.taken.map(({ data }) => data.tenant_id))).toEqual(new Set(["other"]));
  await until(() => printed().split("status callback refused by its receiver").length === 7);

  const run = async (command: string) =>
    JSON.parse((await runInProcess(["callbacks", command], { MESSAGE_SENDER_URL: url })).stdout) as unknown;
  own.conduct = () => 204;
  expect(await run("replay")).toEqual({ replayed: 6 });
  await until(() => own.taken.length === 6);
  const versions = own.taken.map(({ data }) => String(data.version));
  expect(versions.toSorted()).toEqual(["1", "1", "2", "2", "3", "3"]);
  expect(everyone.taken).toHaveLength(6);
  for (const hidden of [secret.slice(6), ownSecret.slice(6)]) expect(printed()).not.toContain(hidden);
  const lookups = sandbox.tenant.requests.filter(({ path }) => path.endsWith("/callbacks"));
  expect(lookups.map(({ tenantId }) => tenantId).toSorted()).toEqual(["other", "own"]);

  own.conduct = () => 410;
  expect((await send("own")).status).toBe(200);
  await until(() => printed().split("status callback refused by its receiver").length === 10);
  expect(await run("discard")).toEqual({ discarded: 3 });
  expect(await run("replay")).toEqual({ replayed: 0 });
});

it("while the Tenant Service is down nothing is lost: it is decided at the delivery who gets them", async () => {
  const own = await startCallbackReceiver(ownSecret);
  const { send, sandbox, log } = await startService({
    sandbox: { tenants: { [tenant]: { callbacks: { status_callback_url: own.url, secret: ownSecret } } } },
    environment: { CALLBACK_ALLOW_PRIVATE: "on" },
  });
  const fault = sandbox.faults.add({ target: "tenant.callbacks", effect: { status: 503 } });
  expect((await send()).status).toBe(200);
  await until(() => log.some((line) => line.includes("unknown receiver: Tenant Service: answered HTTP 503")));
  fault.remove();
  await until(() => own.taken.length === 3);
  expect(own.taken.map(({ data }) => data.version)).toEqual([1, 2, 3]);
});

it("a tenant's receiver in the tenants file takes effect when the file changes", async () => {
  const own = await startCallbackReceiver(ownSecret);
  const sandbox = await startSandbox();
  const folder = await mkdtemp(join(tmpdir(), "message-sender-callbacks-"));
  onTestFinished(async () => {
    await sandbox.close();
    await rm(folder, { recursive: true });
  });
  const file = join(folder, "tenants.json");
  const write = (callbacks: object) => {
    const outlets = { [outlet]: { waba_access_token: "EAAtoken", phone_number_id: "1065" } };
    const quota = { limit: 100, period: "day" };
    return writeFile(file, JSON.stringify({ tenants: { [tenant]: { quota, outlets, ...callbacks } } }), {
      mode: 0o600,
    });
  };
  await write({});
  const environment = { GRAPH_API_URL: sandbox.graphUrl, TENANTS_FILE: file, CALLBACK_ALLOW_PRIVATE: "on" };
  const { url, printed } = await serveHere(environment);
  expect((await post(url)).statusCode).toBe(200);
  await write({ status_callback_url: own.url, secret: ownSecret });
  await until(() => printed().includes("tenants file reloaded"));
  const { message_id: id } = (await (await post(url)).body.json()) as { message_id: string };
  await until(() => own.taken.length === 3);
  expect(new Set(own.taken.map(({ data }) => data.message_id))).toEqual(new Set([id]));
});

it("nothing is sent to an address of this machine unless that is allowed, and the log says which setting allows it", async () => {
  const receiver = await startCallbackReceiver(secret);
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const { url, printed } = await serve([], {
    ...settingsFor(sandbox),
    STATUS_CALLBACK_URL: receiver.url,
    CALLBACK_SECRET: secret,
  });
  await expect.poll(printed).toContain("STATUS_CALLBACK_URL is a private address");
  expect((await post(url)).statusCode).toBe(200);
  await until(() => printed().includes("127.0.0.1 has a private address: set CALLBACK_ALLOW_PRIVATE=on to allow it"));
  expect(receiver.requests).toBe(0);
});
