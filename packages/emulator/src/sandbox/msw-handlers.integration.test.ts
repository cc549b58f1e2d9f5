import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { type Sandbox, startSandbox } from "./sandbox.ts";

let sandbox: Sandbox;
let server: ReturnType<typeof setupServer>;

beforeAll(async () => {
  sandbox = await startSandbox({ intercept: { tenant: "https://tenants.test/" } });
  server = setupServer(...sandbox.handlers);
  server.listen({ onUnhandledFrame: "error" });
});
afterEach(() => sandbox.reset());
afterAll(async () => {
  server.close();
  await sandbox.close();
});

const send = () =>
  fetch("https://graph.facebook.com/v25.0/123/messages", {
    method: "POST",
    headers: { authorization: "Bearer EAAtoken" },
    body: JSON.stringify({ messaging_product: "whatsapp", to: "+628123", type: "text", text: { body: "Hello!" } }),
  });

test("global fetch reaches the same services as the socket", async () => {
  const response = await send();
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ messages: [{ id: sandbox.graph.messages[0]?.wamid }] });
});

test("the Tenant Service can be intercepted too", async () => {
  expect((await fetch("https://tenants.test/api/v1/tenants/t1/quota")).status).toBe(200);
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
