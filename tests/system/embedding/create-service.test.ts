import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Secret, text } from "@message-sender/core";
import {
  createInMemoryCredentials,
  createInMemoryQuota,
  createInMemoryStore,
  createRecordingTransport,
} from "@message-sender/core/in-memory";
import { createSystemClock } from "@message-sender/core/node";
import { type Sandbox, startSandbox } from "@message-sender/emulator";
import { createService, optionsFromEnvironment, type Service, type ServiceOptions } from "@message-sender/server";
import { describe, expect, it, onTestFinished } from "vitest";

import { order } from "../../support/running-service.ts";

const outlets = { jakarta: { waba_access_token: "EAAGembedded", phone_number_id: "106540352242922" } };
const tenants: ServiceOptions["tenants"] = { acme: { quota: { limit: 2, period: "month" }, outlets } };
const customer = { tenantId: "acme", outletId: "jakarta", conversationId: "budi", to: "+628123456789" };
const message = { ...customer, content: text("Hello! Your order is ready.") };

async function sandboxOfTest(): Promise<Sandbox> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return sandbox;
}

async function serviceOfTest(options: ServiceOptions): Promise<Service> {
  const service = await createService(options);
  onTestFinished(() => service.close());
  return service;
}

async function folderOfTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-embedding-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe("createService", () => {
  it("sends for the given tenants, within their quota", async () => {
    const sandbox = await sandboxOfTest();
    const { sender } = await serviceOfTest({ sandbox, tenants });
    expect((await sender.send(message)).isOk()).toBe(true);
    expect((await sender.send({ ...message, to: "+628123456790" })).isOk()).toBe(true);
    const third = await sender.send({ ...message, to: "+628123456791" });
    expect(third._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
    expect(sandbox.graph.messages).toHaveLength(2);
    expect(sandbox.tenant.requests).toEqual([]);
  });

  it("uses the sandbox's Tenant Service if no tenants are given, and its Conversation Service", async () => {
    const sandbox = await sandboxOfTest();
    const { sender } = await serviceOfTest({ sandbox });
    expect((await sender.send({ ...message, tenantId: "any" })).isOk()).toBe(true);
    await expect.poll(() => sandbox.conversation.conversation("budi")).toHaveLength(1);
  });

  it("runs its background work from the start", async () => {
    const sandbox = await sandboxOfTest();
    const { sender } = await serviceOfTest({ sandbox, tenants });
    const { message: queued } = (await sender.enqueue(message))._unsafeUnwrap();
    await expect.poll(() => sandbox.graph.messages).toHaveLength(1);
    expect((await sender.find(queued.id)).isOk()).toBe(true);
  });

  it("keeps a sandbox's messages in memory by default", async () => {
    await serviceOfTest({ sandbox: await sandboxOfTest(), tenants });
    expect(existsSync("message-sender.db")).toBe(false);
  });

  it("closes once, even if close is called again, and sends nothing afterwards", async () => {
    const { sender, close } = await serviceOfTest({ sandbox: await sandboxOfTest(), tenants });
    await Promise.all([close(), close()]);
    await close();
    expect((await sender.send(message))._unsafeUnwrapErr().kind).toBe("Unavailable");
  });

  it("handles no signals", async () => {
    const before = process.listenerCount("SIGTERM");
    await serviceOfTest({ sandbox: await sandboxOfTest(), tenants });
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });

  it("accepts ports that replace its own, and then needs no tenants", async () => {
    const clock = createSystemClock();
    const credentials = createInMemoryCredentials();
    const transport = createRecordingTransport();
    const quota = createInMemoryQuota({ clock, limitOf: () => ({ limit: 1, period: "none" }) });
    const { sender } = await serviceOfTest({
      databaseUrl: "memory:",
      credentialsTtlMs: 0,
      ports: { credentials, quota, transport },
    });
    expect((await sender.send(message))._unsafeUnwrapErr().kind).toBe("OutletUnknown");
    credentials.set(customer, { accessToken: new Secret("EAAGown"), phoneNumberId: "106540352242922" });
    expect((await sender.send(message)).isOk()).toBe(true);
    expect(transport.submissions).toHaveLength(1);
  });

  it("uses the options of environment variables", async () => {
    const path = join(await folderOfTest(), "tenants.json");
    await writeFile(path, JSON.stringify({ tenants }), { mode: 0o600 });
    const { graphUrl } = await sandboxOfTest();
    const variables = { DATABASE_URL: "memory:", GRAPH_API_URL: graphUrl, TENANTS_FILE: path };
    const { sender } = await serviceOfTest(optionsFromEnvironment(variables)._unsafeUnwrap());
    expect((await sender.send(message)).isOk()).toBe(true);
    expect(optionsFromEnvironment({ PORT: "http" })._unsafeUnwrapErr()).toEqual([
      { variable: "PORT", detail: "must be a whole number from 0 to 65535" },
    ]);
  });
});

describe("createService rejects", () => {
  const forged = "must be a non-empty string or Secret";
  it.each<[string, object, string]>([
    ["a misspelt option", { databaseURL: "memory:" }, "there is no option databaseURL"],
    [
      "an option outside its group",
      { sendDeadlineMs: 1 },
      "there is no option sendDeadlineMs: it is retry.sendDeadlineMs",
    ],
    ["a misspelt option in a group", { pacing: { perSecond: 5 } }, "pacing.perSecond: there is no such option"],
    ["a group that is not an object", { pacing: "off" }, "pacing: must be an object"],
    ["a number that is a string", { graphMaxConnections: "5" }, "graphMaxConnections: must be a whole number above 0"],
    ["a rate of 0", { pacing: { numberPerSecond: 0 } }, "pacing.numberPerSecond: must be a whole number above 0"],
    ["an invalid URL of the Graph API", { graphUrl: "graph" }, "graphUrl: must be an http or https URL"],
    [
      "a service with a password",
      { conversationServiceUrl: "http://me:canary@host" },
      "conversationServiceUrl: must be",
    ],
    ["an invalid version", { graphVersion: "../me" }, "graphVersion: must be a version such as v25.0"],
    ["a token with a line break", { serviceToken: "canary\r\nx" }, "serviceToken: must be 1 to 4096 visible ASCII"],
    ["an unknown access", { access: "closed" }, 'access: must be "open" or a function'],
    ["hosts as a string", { allowedHosts: "example.com" }, 'allowedHosts: must be "any" or an array'],
    ["an empty app secret", { webhooks: { appSecret: "", verifyToken: "canary" } }, `webhooks.appSecret: ${forged}`],
    ["no app secret", { webhooks: { appSecret: [], verifyToken: "canary" } }, `webhooks.appSecret: ${forged}`],
    [
      "an empty verify token",
      { webhooks: { appSecret: [new Secret("canary")], verifyToken: new Secret("") } },
      `webhooks.verifyToken: ${forged}`,
    ],
    [
      "a signing secret that is too short",
      { webhookForwarding: { url: "https://crm.example.com/", secret: "canary" } },
      "webhookForwarding.secret: must be base64 of 24 to 64 bytes",
    ],
    [
      "forwarding without a secret",
      { webhookForwarding: { url: "https://crm.example.com/" } },
      "webhookForwarding.secret: is missing",
    ],
    ["webhooks without a verify token", { webhooks: { appSecret: "canary" } }, "webhooks.verifyToken: is missing"],
    ["webhooks without an app secret", { webhooks: { verifyToken: "canary" } }, "webhooks.appSecret: is missing"],
    [
      "a receiver of callbacks without a secret",
      { statusCallbacks: { url: "https://crm.example.com/" } },
      "statusCallbacks: url and secret must be set together",
    ],
  ])("%s, and names it", async (_, options, message) => {
    const file = join(await folderOfTest(), "new.db");
    const rejected = createService({ databaseUrl: `sqlite:${file}`, tenants, ...options } as ServiceOptions);
    const error = await rejected.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ name: "TypeError", message: expect.stringContaining(message) });
    expect(String(error)).not.toContain("canary");
    expect(existsSync(file)).toBe(false);
  });

  it("and closes the sandbox and the store that it was given", async () => {
    for (const wrong of [{ retry: { jitter: -1 } }, { databaseUrl: "nowhere" }, { errorRulesFile: "/nonexistent" }]) {
      let closed = 0;
      const close = async () => void (closed += 1);
      const sandbox = { ...(await sandboxOfTest()), close };
      const store = { ...createInMemoryStore({ clock: createSystemClock() }), close };
      await expect(createService({ sandbox, store, tenants, ...wrong })).rejects.toThrow();
      expect(closed).toBe(2);
    }
  });
});

describe("an option that is undefined", () => {
  it("counts as absent, as does a port", async () => {
    const options = { databaseUrl: undefined, graphUrl: undefined, retry: undefined, ports: { transport: undefined } };
    const sandbox = await sandboxOfTest();
    const { sender } = await serviceOfTest({ sandbox, tenants, ...options } as unknown as ServiceOptions);
    expect((await sender.send(message)).isOk()).toBe(true);
    expect(existsSync("message-sender.db")).toBe(false);
  });
});

describe("a durable store", () => {
  it("that was created with a sandbox is refused without one, and vice versa", async () => {
    const folder = await folderOfTest();
    const urls = ["sandbox", "live"].map((name) => `sqlite:${join(folder, `${name}.db`)}`);
    const [ofSandbox = "", live = ""] = urls;
    const graphUrl = "http://127.0.0.1:9";
    await (await createService({ databaseUrl: ofSandbox, tenants, sandbox: await sandboxOfTest() })).close();
    await (await createService({ databaseUrl: live, tenants, graphUrl })).close();
    await expect(createService({ databaseUrl: ofSandbox, tenants, graphUrl })).rejects.toThrow(
      /databaseUrl: .*sandbox/,
    );
    await expect(createService({ databaseUrl: live, tenants, sandbox: await sandboxOfTest() })).rejects.toThrow(
      /databaseUrl: .*sandbox/,
    );
  });

  it("keeps its messages across a restart", async () => {
    const databaseUrl = `sqlite:${join(await folderOfTest(), "messages.db")}`;
    const first = await createService({ databaseUrl, tenants, sandbox: await sandboxOfTest() });
    const { message: sent } = (await first.sender.send(message))._unsafeUnwrap();
    await first.close();
    const second = await serviceOfTest({ databaseUrl, tenants, sandbox: await sandboxOfTest() });
    expect((await second.sender.find(sent.id))._unsafeUnwrap().id).toBe(sent.id);
  });
});

describe("the HTTP app", () => {
  const json = { method: "POST", body: JSON.stringify(order), headers: { "content-type": "application/json" } };

  it("refuses everybody by default, and says what to do", async () => {
    const sandbox = await sandboxOfTest();
    const { app } = await serviceOfTest({ sandbox });
    const answer = await app.request("/api/v1/messages/send", json);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining("`access`") });
    expect(sandbox.graph.messages).toEqual([]);
    expect((await app.request("/readyz")).status).toBe(200);
  });

  it("sends for callers that `access` admits", async () => {
    const { app } = await serviceOfTest({ sandbox: await sandboxOfTest(), access: "open" });
    expect((await app.request("/api/v1/messages/send", json)).status).toBe(200);
  });
});

describe("createService says what to do", () => {
  const memory = { databaseUrl: "memory:" };
  const canary = { acme: { quota: { limit: 1, period: "none" as const }, outlets: { o: { ...outlets.jakarta } } } };
  canary.acme.outlets.o.waba_access_token = "canary canary";

  it.each<[string, ServiceOptions, RegExp]>([
    ["if no tenants are given", memory, /set `tenants`, `tenantsFile` or `tenantServiceUrl`/],
    [
      "if there are two sources of tenants",
      { ...memory, tenants, tenantServiceUrl: "http://127.0.0.1:9" },
      /tenantServiceUrl: cannot be combined with tenants/,
    ],
    ["if a tenant is invalid", { ...memory, tenants: canary }, /tenants: .*waba_access_token must be/],
    ["if the tenants file is missing", { ...memory, tenantsFile: "/nowhere/tenants.yaml" }, /tenantsFile: .*ENOENT/],
    ["if the error rules are missing", { ...memory, tenants, errorRulesFile: "/nowhere" }, /errorRulesFile: /],
    [
      "if the database URL is invalid",
      { tenants, databaseUrl: "messages.db" },
      /databaseUrl: must be memory:, sqlite:/,
    ],
    ["if the database cannot be opened", { tenants, databaseUrl: "sqlite:/nowhere/x.db" }, /databaseUrl: /],
    ["if a duration is out of range", { ...memory, tenants, retry: { ttlMs: -1 } }, /retry\.ttlMs must be 0/],
  ])("%s", async (_, options, reason) => {
    const failed = await createService(options).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(failed?.message).toMatch(reason);
    expect(failed?.message).not.toContain("canary");
  });
});
