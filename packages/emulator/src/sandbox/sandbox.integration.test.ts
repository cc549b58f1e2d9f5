import { execFile } from "node:child_process";
import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { promisify } from "node:util";

import { describe, expect, test } from "vitest";

import { openSandbox } from "../../test/open-sandbox.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";

const body = JSON.stringify({ messaging_product: "whatsapp", to: "+628123", type: "text", text: { body: "Hello!" } });

interface Got {
  status?: number;
  text: string;
  error?: string;
}

/** Uses Node's own client, which reports the error code of the socket. */
function send(sandbox: Sandbox, agent?: Agent): Promise<Got> {
  return new Promise((resolve) => {
    const got: Got = { text: "" };
    const end = (error?: NodeJS.ErrnoException) =>
      resolve(error ? { ...got, error: error.code ?? error.message } : got);
    const request = httpRequest(`${sandbox.graphUrl}/v25.0/123/messages`, {
      method: "POST",
      headers: { authorization: "Bearer EAAtoken", "content-type": "application/json" },
      ...(agent ? { agent } : { agent: false }),
    });
    request.on("response", (response) => {
      if (response.statusCode !== undefined) got.status = response.statusCode;
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (got.text += chunk));
      response.on("end", () => end());
      response.on("error", end);
    });
    request.on("error", end);
    request.end(body);
  });
}

test("send a text: the three services answer on their own ports, and the control API on each", async () => {
  const sandbox = await openSandbox();
  expect(await send(sandbox)).toMatchObject({ status: 200, text: expect.stringContaining("wamid.") });
  expect((await fetch(`${sandbox.tenantUrl}/api/v1/tenants/t1/quota`)).status).toBe(200);
  expect((await fetch(`${sandbox.conversationUrl}/api/v1/conversations/c1/messages`)).status).toBe(200);
  for (const url of [sandbox.graphUrl, sandbox.tenantUrl, sandbox.conversationUrl]) {
    expect(await (await fetch(`${url}/__emulator/`)).json()).toMatchObject({
      services: { graph: sandbox.graphUrl, tenant: sandbox.tenantUrl, conversation: sandbox.conversationUrl },
    });
  }
  expect(sandbox.graph.requests).toMatchObject([{ status: 200, headers: { "content-type": "application/json" } }]);
});

test("the handles show and control the services", async () => {
  const sandbox = await openSandbox({ defaultQuota: 10 });
  const { tenant, conversation, graph } = sandbox;
  tenant.setQuota("t1", 5);
  tenant.setUsed("t1", 2);
  expect(tenant.quotaOf("t1")).toEqual({ limit: 5, used: 2, remaining: 3 });
  const rotated = tenant.setCredentials("t1", "o1", { waba_access_token: "EAAnext" });
  expect(await (await fetch(`${sandbox.tenantUrl}/api/v1/tenants/t1/outlets/o1/waba`)).json()).toEqual(rotated);
  graph.revokeToken("EAAtoken");
  expect((await send(sandbox)).status).toBe(401);
  expect([graph.requestCount, graph.messageCount, tenant.requestCount]).toEqual([1, 0, 1]);
  expect([conversation.messages, conversation.conversation("c1"), conversation.requests]).toEqual([[], [], []]);
  sandbox.reset();
  expect((await send(sandbox)).status).toBe(200);
  expect([graph.requestCount, graph.messageCount, graph.messages.length, tenant.requestCount]).toEqual([1, 1, 1, 0]);
  expect(tenant.quotaOf("t1")?.limit).toBe(10);
});

test("the handles set limits, templates, message statuses, usage and the time, until the reset", async () => {
  const start = 1_750_000_000_000;
  const sandbox = await openSandbox({ limits: { throughputPerSecond: 80 }, now: () => start });
  const { graph, clock } = sandbox;
  clock.advance(1_000_000);
  expect(clock.now()).toBe(start + 1_000_000);
  graph.setUsage({ app: { call_count: 50 } });
  graph.setMessageStatuses([{ messageStatus: "paused" }]);
  graph.setTemplates([{ name: "offer", language: "en" }]);
  graph.setLimits({ pair: true });
  const got = await fetch(`${sandbox.graphUrl}/v25.0/123/messages`, {
    method: "POST",
    headers: { authorization: "Bearer EAA" },
    body,
  });
  expect(got.headers.get("x-app-usage")).toContain("50");
  expect(await got.json()).toMatchObject({ messages: [{ message_status: "paused" }] });
  clock.advance(6_000);
  await Promise.all([send(sandbox), send(sandbox)]);
  clock.advance(6_000);
  expect(await send(sandbox)).toMatchObject({ status: 400, text: expect.stringContaining("131056") });
  expect(() => graph.setLimits({ throughputPerSecond: -1 })).toThrow();
  expect(() => graph.setUsage({ app: { call_count: -1 } })).toThrow();
  sandbox.reset();
  expect(clock.now()).toBe(start);
  expect((await send(sandbox)).text).not.toContain("message_status");
  expect([graph.receipts, graph.media]).toEqual([[], []]);
});

test("the process keeps its own Request and Response", async () => {
  const before = [globalThis.Request, globalThis.Response];
  await openSandbox();
  expect([globalThis.Request, globalThis.Response]).toEqual(before);
});

// node-server does not recognize its own marker when that was made with the replaced Response, and would write it.
test("answers even when another server replaced the global Response before", async () => {
  const script = `
    import { createAdaptorServer } from "@hono/node-server";
    createAdaptorServer({ fetch: () => new Response("other") });
    const { startSandbox } = await import("./sandbox.ts");
    const sandbox = await startSandbox();
    const url = sandbox.tenantUrl + "/api/v1/tenants/t1/quota";
    console.log((await fetch(url)).status, (await fetch(url)).status);
    await sandbox.close();`;
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    cwd: import.meta.dirname,
  });
  expect(await run).toEqual({ stdout: "200 200\n", stderr: "" });
});

describe("faults on the socket", () => {
  test.each(["before", "after"] as const)("reset %s the body is read", async (reset) => {
    const sandbox = await openSandbox();
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { reset } });
    expect(await send(sandbox)).toEqual({ text: "", error: "ECONNRESET" });
    const [entry] = sandbox.graph.requests;
    expect(entry?.endedAt).toBeDefined();
    expect(entry?.body === undefined).toBe(reset === "before");
    expect(sandbox.graph.messageCount).toBe(0);
    expect((await send(sandbox)).status).toBe(200);
  });

  test("reset before arrives while a large body is still being sent", async () => {
    const sandbox = await openSandbox();
    sandbox.faults.add({ target: "graph", effect: { reset: "before" } });
    const socket = connect(Number(new URL(sandbox.graphUrl).port), "127.0.0.1");
    const error = new Promise<NodeJS.ErrnoException>((resolve) => socket.once("error", resolve));
    socket.write("POST /v25.0/1/messages HTTP/1.1\r\nhost: graph.test\r\ncontent-length: 1000000\r\n\r\n{");
    expect((await error).code).toBe("ECONNRESET");
  });

  test("accepted, then the connection is reset", async () => {
    const sandbox = await openSandbox();
    sandbox.faults.add({ target: "graph", effect: { acceptThenLose: "reset" } });
    expect(await send(sandbox)).toEqual({ text: "", error: "ECONNRESET" });
    expect(sandbox.graph.messages).toMatchObject([{ recipient: "+628123" }]);
  });

  test("accepted, then the connection is closed: the stream ends without a reset", async () => {
    const sandbox = await openSandbox();
    sandbox.faults.add({ target: "graph", effect: { acceptThenLose: "close" } });
    const socket = connect(Number(new URL(sandbox.graphUrl).port), "127.0.0.1");
    const events: string[] = [];
    for (const event of ["data", "end", "error"]) socket.on(event, () => events.push(event));
    const length = Buffer.byteLength(body);
    const head = "POST /v25.0/1/messages HTTP/1.1\r\nhost: graph.test\r\nauthorization: Bearer EAA\r\n";
    socket.write(`${head}content-length: ${length}\r\n\r\n${body}`);
    await new Promise((resolve) => socket.once("close", resolve));
    expect(events).toEqual(["end"]);
    expect(sandbox.graph.messageCount).toBe(1);
  });

  test.each([{ hang: true }, { acceptThenLose: "hang" }] as const)(
    "%j gives no answer until the reset",
    async (effect) => {
      const sandbox = await openSandbox();
      sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect });
      let answered = false;
      const got = send(sandbox).finally(() => (answered = true));
      await expect.poll(() => sandbox.graph.requests[0]?.body).toBeDefined();
      // The service answers a later request, and this one still has no answer.
      expect((await send(sandbox)).status).toBe(200);
      expect(answered).toBe(false);
      expect(sandbox.graph.messageCount).toBe("hang" in effect ? 1 : 2);
      sandbox.reset();
      expect(await got).toMatchObject({ error: "ECONNRESET" });
    },
  );

  test("truncated: the headers announce more than arrives", async () => {
    const sandbox = await openSandbox();
    sandbox.faults.add({ target: "graph", effect: { truncate: true } });
    const agent = new Agent({ keepAlive: true });
    const { status, text, error } = await send(sandbox, agent);
    agent.destroy();
    expect({ status, error }).toEqual({ status: 200, error: "ECONNRESET" });
    expect(text).toMatch(/^\{"messaging_product"/);
    expect(() => JSON.parse(text)).toThrow();
    expect(sandbox.graph.messageCount).toBe(1);
  });

  test("statuses, HTML pages and Graph errors leave the connection usable", async () => {
    const sandbox = await openSandbox();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const effect of [{ status: 503 }, { html: true }, { graphError: 131016 }] as const) {
      sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect });
    }
    const statuses = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await send(sandbox, agent)).status);
    expect(statuses).toEqual([503, 200, 500, 200]);
    expect(new Set(sandbox.graph.requests.map(({ headers }) => headers["connection"]))).toEqual(
      new Set(["keep-alive"]),
    );
    agent.destroy();
  });
});

describe("stopping", () => {
  test("a stopped service refuses connections; a restarted one answers on the same port", async () => {
    const sandbox = await openSandbox();
    const agent = new Agent({ keepAlive: true });
    await send(sandbox, agent);
    await sandbox.graph.stop();
    expect((await send(sandbox, agent)).error).toMatch(/ECONNREFUSED|ECONNRESET/);
    expect((await send(sandbox)).error).toBe("ECONNREFUSED");
    expect((await fetch(`${sandbox.tenantUrl}/api/v1/tenants/t1/quota`)).status).toBe(200);
    await sandbox.graph.start();
    expect((await send(sandbox)).status).toBe(200);
    expect(sandbox.graph.messageCount).toBe(2);
    agent.destroy();
  });

  test("stop and start may be repeated", async () => {
    const sandbox = await openSandbox();
    await Promise.all([sandbox.graph.stop(), sandbox.graph.stop(), sandbox.graph.start(), sandbox.graph.start()]);
    expect((await send(sandbox)).status).toBe(200);
  });

  test("close ends idle, hanging and delayed requests, and may be repeated", async () => {
    const sandbox = await openSandbox();
    const agent = new Agent({ keepAlive: true });
    await send(sandbox, agent);
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { hang: true } });
    sandbox.faults.add({ target: "graph", effect: { delayMs: 600_000 } });
    const pending = [send(sandbox), send(sandbox)];
    await expect.poll(() => sandbox.graph.requests.filter(({ fault }) => fault !== undefined).length).toBe(2);
    await sandbox.close();
    await sandbox.close();
    for (const got of await Promise.all(pending)) expect(got.error).toBe("ECONNRESET");
    expect((await send(sandbox)).error).toBe("ECONNREFUSED");
    expect(sandbox.graph.messageCount).toBe(1);
    agent.destroy();
  });

  test("ports can be fixed; when one is taken, none stays open", async () => {
    const first = await openSandbox();
    const taken = Number(new URL(first.tenantUrl).port);
    const graph = Number(new URL(first.graphUrl).port);
    await first.graph.stop();
    await expect(startSandbox({ ports: { graph, tenant: taken } })).rejects.toThrow(/EADDRINUSE/);
    const second = await openSandbox({ ports: { graph } });
    expect(second.graphUrl).toBe(first.graphUrl);
  });

  test("a client that disconnects in the middle of its body does no harm", async () => {
    const sandbox = await openSandbox();
    const socket = connect(Number(new URL(sandbox.graphUrl).port), "127.0.0.1");
    socket.write("POST /v25.0/1/messages HTTP/1.1\r\nhost: graph.test\r\ncontent-length: 1000\r\n\r\n{");
    await expect.poll(() => sandbox.graph.requestCount).toBe(1);
    socket.destroy();
    await expect.poll(() => sandbox.graph.requests[0]?.endedAt).toBeDefined();
    expect(sandbox.graph.requests[0]).not.toHaveProperty("status");
    expect((await send(sandbox)).status).toBe(200);
  });
});
