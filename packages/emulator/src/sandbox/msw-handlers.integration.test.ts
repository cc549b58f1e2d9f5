import { setupServer as setupServer2 } from "msw-2/node";
import { setupServer as setupServer3 } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { appSecret, openWebhookReceiver } from "../../test/webhook-receiver.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";

const send = () =>
  fetch("https://graph.facebook.com/v25.0/123/messages", {
    method: "POST",
    headers: { authorization: "Bearer EAAtoken" },
    body: JSON.stringify({ messaging_product: "whatsapp", to: "+628123", type: "text", text: { body: "Hello!" } }),
  });

/** Each version of msw, with every request that has no handler an error. */
const versions = {
  2(sandbox: Sandbox) {
    const server = setupServer2(...sandbox.handlers);
    server.listen({ onUnhandledRequest: "error" });
    return server;
  },
  3(sandbox: Sandbox) {
    const server = setupServer3(...sandbox.handlers);
    server.listen({ onUnhandledFrame: "error" });
    return server;
  },
};

describe.each([2, 3] as const)("with msw %i", (version) => {
  let sandbox: Sandbox;
  let server: { close(): void };

  beforeAll(async () => {
    sandbox = await startSandbox({ intercept: { tenant: "https://tenants.test/" } });
    server = versions[version](sandbox);
  });
  afterEach(() => sandbox.reset());
  afterAll(async () => {
    server.close();
    await sandbox.close();
  });

  test("global fetch reaches the same services as the socket", async () => {
    const response = await send();
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ messages: [{ id: sandbox.graph.messages[0]?.wamid }] });
  });

  test("the Tenant Service can be intercepted too", async () => {
    expect((await fetch("https://tenants.test/api/v1/tenants/t1/quota")).status).toBe(200);
  });

  test("the sandbox's own URLs stay reachable, and others do not", async () => {
    expect((await fetch(`${sandbox.graphUrl}/__emulator/clock`)).status).toBe(200);
    await expect(fetch("http://127.0.0.1:1")).rejects.toThrow();
  });

  test("webhooks reach the code under test, though no handler is for its URL", async () => {
    const receiver = await openWebhookReceiver();
    await sandbox.webhooks.subscribe({ url: receiver.url, appSecret, verifyToken: "v" });
    await sandbox.customer("+628123").says("Hi");
    await sandbox.waitForWebhook({ kind: "message", responseStatus: 200 });
    expect(receiver.received).toMatchObject([{ signed: true }]);
  });

  test("faults apply; broken connections are network errors", async () => {
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 131056 } });
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { acceptThenLose: "reset" } });
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { truncate: true } });
    expect((await send()).status).toBe(400);
    await expect(send()).rejects.toThrow(TypeError);
    await expect(send().then((response) => response.text())).rejects.toThrow();
    expect(sandbox.graph.messageCount).toBe(2);
  });

  test("half of a truncated answer arrives", async () => {
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { truncate: true } });
    const response = await send();
    expect(response.status).toBe(200);
    let text = "";
    const read = async () => {
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) text += chunk;
    };
    await expect(read()).rejects.toThrow("terminated");
    expect(text).toMatch(/^\{"messaging_product":"whatsapp"/);
    expect(() => JSON.parse(text)).toThrow();
  });
});
