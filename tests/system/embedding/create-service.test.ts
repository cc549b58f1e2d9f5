import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Secret, text } from "@message-sender/core";
import {
  createInMemoryCredentials,
  createInMemoryQuota,
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
  it("sends with the tenants it was given, within their quota", async () => {
    const sandbox = await sandboxOfTest();
    const { sender } = await serviceOfTest({ sandbox, tenants });
    expect((await sender.send(message)).isOk()).toBe(true);
    expect((await sender.send({ ...message, to: "+628123456790" })).isOk()).toBe(true);
    const third = await sender.send({ ...message, to: "+628123456791" });
    expect(third._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
    expect(sandbox.graph.messages).toHaveLength(2);
    expect(sandbox.tenant.requests).toEqual([]);
  });

  it("uses the sandbox's Tenant Service where no tenants are given, and tells its Conversation Service", async () => {
    const sandbox = await sandboxOfTest();
    const { sender } = await serviceOfTest({ sandbox });
    expect((await sender.send({ ...message, tenantId: "any" })).isOk()).toBe(true);
    await expect.poll(() => sandbox.conversation.conversation("budi")).toHaveLength(1);
  });

  it("works in the background from the start", async () => {
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

  it("closes once, however often it is asked to, and sends nothing after that", async () => {
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

  it("takes ports in place of its own, and then needs no tenants", async () => {
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

  it("goes by the options that environment variables ask for", async () => {
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

describe("a durable store", () => {
  it("that was created with a sandbox is refused without one, and the reverse", async () => {
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

  it("has its messages after a restart", async () => {
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

  it("lets nobody in by default, and says what to do", async () => {
    const sandbox = await sandboxOfTest();
    const { app } = await serviceOfTest({ sandbox });
    const answer = await app.request("/api/v1/messages/send", json);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining("`access`") });
    expect(sandbox.graph.messages).toEqual([]);
    expect((await app.request("/readyz")).status).toBe(200);
  });

  it("sends for whom `access` lets in", async () => {
    const { app } = await serviceOfTest({ sandbox: await sandboxOfTest(), access: "open" });
    expect((await app.request("/api/v1/messages/send", json)).status).toBe(200);
  });
});

describe("createService says what to do", () => {
  const memory = { databaseUrl: "memory:" };
  const canary = { acme: { quota: { limit: 1, period: "none" as const }, outlets: { o: { ...outlets.jakarta } } } };
  canary.acme.outlets.o.waba_access_token = "canary canary";

  it.each<[string, ServiceOptions, RegExp]>([
    ["where no tenants are given", memory, /set `tenants`, `tenantsFile` or `tenantServiceUrl`/],
    [
      "where tenants come from two places",
      { ...memory, tenants, tenantServiceUrl: "http://127.0.0.1:9" },
      /tenantServiceUrl: cannot be combined with tenants/,
    ],
    ["where a tenant is invalid", { ...memory, tenants: canary }, /tenants: .*waba_access_token must be/],
    ["where a file is not there", { ...memory, tenantsFile: "/nowhere/tenants.yaml" }, /tenantsFile: .*ENOENT/],
    ["where the error rules are not there", { ...memory, tenants, errorRulesFile: "/nowhere" }, /errorRulesFile: /],
    [
      "where the database URL is none",
      { tenants, databaseUrl: "messages.db" },
      /databaseUrl: must be memory:, sqlite:/,
    ],
    ["where the database cannot be opened", { tenants, databaseUrl: "sqlite:/nowhere/x.db" }, /databaseUrl: /],
    ["where a duration is out of range", { ...memory, tenants, retry: { ttlMs: -1 } }, /retry\.ttlMs must be 0/],
  ])("%s", async (_, options, reason) => {
    const failed = await createService(options).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(failed?.message).toMatch(reason);
    expect(failed?.message).not.toContain("canary");
  });
});
