import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, it, onTestFinished } from "vitest";

import { order, outlet, startService, tenant } from "../../support/running-service.ts";

const key = "s3cr3t_D360_canary-0123456789";

/** An API in the shape of 360dialog's: a key in its own header, and no number in the path. */
async function startProvider() {
  const requests: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  const answers: (object | undefined)[] = [];
  const server = createServer(async (incoming, response) => {
    let body = "";
    for await (const piece of incoming) body += String(piece);
    requests.push({ path: incoming.url ?? "", headers: incoming.headers, body });
    response.setHeader("content-type", "application/json");
    const error = answers.shift();
    if (error) return void response.writeHead(400).end(JSON.stringify({ error }));
    if (incoming.headers["d360-api-key"] !== key) return void response.writeHead(401).end("{}");
    if (body.includes('"status":"read"')) return void response.end(JSON.stringify({ success: true }));
    if (incoming.url === "/media") return void response.end(JSON.stringify({ id: "555" }));
    const sent = { messaging_product: "whatsapp", messages: [{ id: `wamid.${requests.length}` }] };
    response.end(JSON.stringify(sent));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, answers };
}

async function startWithProvider(more: object = {}) {
  const provider = await startProvider();
  const service = await startService();
  service.sandbox.tenant.setCredentials(tenant, outlet, {
    waba_access_token: key,
    provider: { url: provider.url, messages_path: "/messages", auth_header: "D360-API-KEY" },
    ...more,
  });
  return { provider, ...service };
}

const template = {
  ...order,
  message_type: "template",
  message: { name: "offer", language: { code: "en_US" } },
};

it("an outlet sends through its provider, and the others through Meta", async () => {
  const { provider, send, sandbox, log } = await startWithProvider();
  expect(await send()).toMatchObject({ status: 200, body: { whatsapp_message_id: "wamid.1", status: "sent" } });
  const [request] = provider.requests;
  expect(request?.path).toBe("/messages");
  expect(request?.headers).toMatchObject({ "d360-api-key": key, "content-type": "application/json" });
  expect(request?.headers).not.toHaveProperty("authorization");
  expect(JSON.parse(request?.body ?? "")).toMatchObject({ messaging_product: "whatsapp", type: "text" });
  expect((await send({ ...order, outlet_id: "another" })).status).toBe(200);
  expect([provider.requests.length, sandbox.graph.requestCount]).toEqual([1, 1]);
  expect(sandbox.graph.requests[0]?.headers).not.toHaveProperty("d360-api-key");
  expect(log.join("\n")).not.toContain(key);
});

it("its errors are read as Meta's, and never show the key", async () => {
  const { provider, send, log } = await startWithProvider();
  provider.answers.push({
    message: `what is ${key}?`,
    type: "OAuthException",
    code: 131026,
    error_data: { details: key },
  });
  const { status, body } = await send();
  expect([status, body["type"]]).toEqual([422, "/problems/message-rejected"]);
  expect(JSON.stringify(body) + log.join("\n")).not.toContain(key);
});

it("a file goes to the provider too", async () => {
  const { provider, url } = await startWithProvider();
  const body = new FormData();
  body.set("tenant_id", tenant);
  body.set("outlet_id", outlet);
  body.set("file", new Blob(["%PDF-1.7"], { type: "application/pdf" }), "a.pdf");
  const answer = await fetch(`${url}/api/v1/media`, { method: "POST", body });
  expect([answer.status, await answer.json()]).toMatchObject([200, { media_id: "555" }]);
  expect(provider.requests[0]).toMatchObject({ path: "/media", headers: { "d360-api-key": key } });
});

it("a read receipt goes to the provider too", async () => {
  const { provider, post, sandbox } = await startWithProvider();
  const whatsapp_message_id = "wamid.HBgNNjI4MTIzNDU2Nzg5FQIAEhgU";
  const answer = await post("/api/v1/messages/read", { tenant_id: tenant, outlet_id: outlet, whatsapp_message_id });
  expect(answer).toMatchObject({ status: 200, body: { success: true } });
  expect(provider.requests[0]).toMatchObject({ path: "/messages", headers: { "d360-api-key": key } });
  expect(JSON.parse(provider.requests[0]?.body ?? "")).toEqual({
    messaging_product: "whatsapp",
    status: "read",
    message_id: whatsapp_message_id,
  });
  expect(sandbox.graph.requestCount).toBe(0);
});

it("templates go by the Marketing Messages API if the outlet or the request says so, and the record shows it", async () => {
  const { send, get, sandbox } = await startService();
  const pathOf = (index: number) => sandbox.graph.requests[index]?.path.split("/").at(-1);
  const sent = await send({ ...template, via: "marketing" }, { "idempotency-key": "one" });
  expect([sent.status, pathOf(0), sandbox.graph.messages[0]?.via]).toEqual([200, "marketing_messages", "marketing"]);
  expect((await get(`/api/v1/messages/${String(sent.body["message_id"])}`)).body).toMatchObject({ via: "marketing" });
  expect((await send({ ...template, via: "cloud" }, { "idempotency-key": "one" })).status).toBe(422);
  expect((await send({ ...template, via: null })).status).toBe(200);
  sandbox.tenant.setCredentials(tenant, "promos", { template_messages_via: "marketing" });
  const promo = { ...template, outlet_id: "promos" };
  const promoted = await send(promo);
  const record = await get(`/api/v1/messages/${String(promoted.body["message_id"])}`);
  expect(record.body).toMatchObject({ attempts: [{ via: "marketing" }] });
  for (const body of [
    { ...promo, via: "cloud" },
    { ...order, outlet_id: "promos" },
  ])
    expect((await send(body)).status).toBe(200);
  expect([1, 2, 3, 4].map(pathOf)).toEqual(["messages", "marketing_messages", "messages", "messages"]);
});

it("its webhooks settle the message", async () => {
  const { send, get, sandbox, url } = await startService();
  sandbox.webhooks.target({ url: `${url}/webhooks/whatsapp`, appSecret: "the-sandbox-has-no-secrets" });
  const { body } = await send({ ...template, via: "marketing" });
  let record: Record<string, unknown> = {};
  await expect
    .poll(async () => (record = (await get(`/api/v1/messages/${String(body["message_id"])}`)).body)["status"])
    .toBe("read");
  expect(record["pricing"]).toMatchObject({ category: "marketing_lite" });
  expect(sandbox.graph.messageCount).toBe(1);
});

it.each([
  ["marketing with a text", { ...order, via: "marketing" }, "can be marketing for a template only"],
  ["another API", { ...template, via: "email" }, "must be cloud or marketing"],
  ["no string", { ...template, via: 1 }, "must be cloud or marketing"],
])("%s is refused by its pointer", async (_, request, detail) => {
  const { send, sandbox } = await startService();
  const { status, body } = await send(request);
  expect([status, body["errors"]]).toEqual([400, [{ pointer: "/via", detail }]]);
  expect(sandbox.graph.requestCount).toBe(0);
});

it.each([
  ["provider.url", { provider: { url: "https://user:pass@example.com" } }],
  ["provider.messages_path", { provider: { url: "https://example.com", messages_path: "/{id}/messages" } }],
  ["provider.auth_header", { provider: { url: "https://example.com", auth_header: "X\r\nY" } }],
  ["template_messages_via", { template_messages_via: "sms" }],
])("an outlet whose %s is not valid sends nothing, anywhere", async (field, fields) => {
  const { send, sandbox, log } = await startService();
  sandbox.tenant.setCredentials(tenant, outlet, fields as object);
  const { status, body } = await send();
  expect([status, body["type"]]).toEqual([503, "/problems/unavailable"]);
  expect(log.join("\n")).toContain(`${field} is missing or not valid`);
  expect(sandbox.graph.requestCount).toBe(0);
});
