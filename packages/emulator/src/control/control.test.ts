import { expect, test } from "vitest";

import { createServices } from "../sandbox/services.ts";

interface Content {
  control: string[];
  coverage: object[];
}

function controlled() {
  const services = createServices({});
  async function call(method: string, path: string, body?: unknown) {
    const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await services.control.request(`/__emulator${path}`, init, {});
    const content = await response.text();
    return { status: response.status, body: (content === "" ? undefined : JSON.parse(content)) as Content };
  }
  const send = () =>
    services.graph.app.request(
      "/v25.0/123/messages",
      {
        method: "POST",
        headers: { authorization: "Bearer EAAsecret" },
        body: JSON.stringify({ messaging_product: "whatsapp", to: "+628123", text: { body: "Hello!" } }),
      },
      {},
    );
  return { ...services, call, send };
}

test.each(["", "/"])("overview, at /__emulator%s", async (path) => {
  const { status, body } = await controlled().call("GET", path);
  expect(status).toBe(200);
  expect(body.control).toContain("POST /__emulator/faults");
  expect(body.coverage).toContainEqual(expect.objectContaining({ operation: "send a text", status: "supported" }));
});

test("requests are listed by service, with masked access tokens", async () => {
  const { call, send } = controlled();
  await send();
  const { body } = await call("GET", "/requests");
  expect(body).toMatchObject({
    graph: [{ phoneNumberId: "123", accessToken: "EAAs…", headers: { authorization: "Bearer EAAs…" }, status: 200 }],
    tenant: [],
    conversation: [],
  });
  expect(JSON.stringify(body)).not.toContain("EAAsecret");
});

const message = {
  messaging_product: "whatsapp",
  to: "+628123",
  text: { body: '"access_token": "shown" & access_token=shown' },
};
const fields = { ...message, access_token: 'EAAsecret"1', text: JSON.stringify(message.text) };

test.each([
  ["JSON", JSON.stringify({ ...message, access_token: fields.access_token }), "application/json"],
  ["a form", new URLSearchParams(fields).toString(), "application/x-www-form-urlencoded"],
])("an access token in the body is masked too, wherever the message is shown: in %s", async (_, body, type) => {
  const { graph, call } = controlled();
  const init = { method: "POST", headers: { "content-type": type }, body };
  expect((await graph.app.request("/v25.0/123/messages", init, {})).status).toBe(200);
  const logged = await call("GET", "/requests");
  const entry = {
    accessToken: "EAAs…",
    rawBody: expect.stringContaining("EAAs…"),
    body: { to: "+628123", text: expect.anything(), access_token: "EAAs…" },
  };
  expect(logged.body).toMatchObject({ graph: [entry] });
  const messages = (await call("GET", "/messages")).body;
  expect(messages).toMatchObject({ messages: [{ text: message.text.body, content: { to: "+628123" } }] });
  expect(JSON.stringify([logged.body, messages])).not.toContain("EAAsecret");
});

test("an access token in a form with files is masked too", async () => {
  const { graph, call } = controlled();
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("access_token", "EAAsecret");
  form.set("file", new File(["%PDF-1.4"], "menu.pdf", { type: "application/pdf" }));
  const body = new Request("http://graph", { method: "POST", body: form });
  expect((await graph.app.request(new Request("http://graph/v25.0/123/media", body), {}, {})).status).toBe(200);
  const logged = JSON.stringify((await call("GET", "/requests")).body);
  expect(logged).toContain('"access_token":"EAAs…"');
  expect(logged).not.toContain("EAAsecret");
});

test("show callbacks: what the receiver of status callbacks has taken", async () => {
  const { call } = controlled();
  expect(await call("GET", "/callbacks")).toEqual({ status: 200, body: { events: [] } });
});

test("add a fault, list faults with their hits, remove a fault, clear faults", async () => {
  const { call, send } = controlled();
  const fault = { target: "graph", trigger: { every: 1 }, effect: { graphError: 131056 } };
  expect(await call("POST", "/faults", fault)).toEqual({ status: 201, body: { ...fault, id: "fault-1", hits: 0 } });
  expect((await send()).status).toBe(400);
  expect((await call("GET", "/faults")).body).toEqual({ faults: [{ ...fault, id: "fault-1", hits: 1 }] });
  expect((await call("DELETE", "/faults/fault-1")).status).toBe(204);
  expect((await call("DELETE", "/faults/fault-1")).status).toBe(404);
  expect((await send()).status).toBe(200);
  await call("POST", "/faults", fault);
  expect((await call("DELETE", "/faults")).status).toBe(204);
  expect((await call("GET", "/faults")).body).toEqual({ faults: [] });
});

test.each([
  [{ target: "graph", effect: { explode: true } }, /effect must be one of graphError, status/],
  [{ target: "graph", effect: { hang: true }, trigger: "twice" }, /trigger must be "always"/],
  [{ target: "moon", effect: { hang: true } }, /target/],
  [{ target: "tenant", effect: { graphError: 4 } }, /requires the target graph/],
  [undefined, /expected object/],
])("the fault %j is rejected with a reason", async (fault, reason) => {
  expect(await controlled().call("POST", "/faults", fault)).toEqual({
    status: 400,
    body: { title: "Bad request", detail: expect.stringMatching(reason) },
  });
});

test("set webhooks, and show webhooks without the app secret", async () => {
  const { call, webhooks } = controlled();
  const start = { url: null, withheld: false, duplicate: 1, reorder: false, onTheWay: 0, sent: [] };
  expect(await call("GET", "/webhooks")).toEqual({ status: 200, body: start });
  const url = "http://127.0.0.1:9/webhooks/whatsapp";
  const settings = { url, appSecret: "s3cret", withhold: true, duplicate: 2, reorder: true };
  const set = { ...start, url, withheld: true, duplicate: 2, reorder: true };
  expect(await call("PUT", "/webhooks", settings)).toEqual({ status: 200, body: set });
  expect(webhooks.state()).toEqual(set);
  expect((await call("PUT", "/webhooks", { withhold: false })).body).toEqual({ ...set, withheld: false });
  await call("POST", "/reset");
  expect((await call("GET", "/webhooks")).body).toEqual({ ...start, url });
});

test.each([
  [{ url: "http://127.0.0.1:9" }, /url and appSecret are required together/],
  [{ url: "ftp://127.0.0.1", appSecret: "s" }, /url/],
  [{ url: "http://127.0.0.1:9", appSecret: "" }, /appSecret/],
  [{ duplicate: 0 }, /duplicate/],
  [{ fail: [{ match: { moon: true }, errorCode: 1 }] }, /moon/],
  [{ explode: true }, /explode/],
  [undefined, /expected object/],
])("the webhook settings %j are rejected with a reason and change nothing", async (settings, reason) => {
  const { call, webhooks } = controlled();
  const before = webhooks.state();
  expect(await call("PUT", "/webhooks", settings)).toEqual({
    status: 400,
    body: { title: "Bad request", detail: expect.stringMatching(reason) },
  });
  expect(webhooks.state()).toEqual(before);
});

test("reset restores the initial state", async () => {
  const { call, send, graph, faults, tenants } = controlled();
  await send();
  await call("PUT", "/quota/t1", { limit: 1 });
  await call("POST", "/faults", { target: "graph", effect: { hang: true } });
  expect((await call("POST", "/reset")).status).toBe(204);
  expect([graph.log.count, graph.accepted.count, faults.list().length]).toEqual([0, 0, 0]);
  expect(tenants().quota("t1")?.state().limit).toBe(1_000_000);
});

test("set a quota", async () => {
  const { call, tenants } = controlled();
  expect(await call("PUT", "/quota/t1", { limit: 3 })).toEqual({
    status: 200,
    body: { limit: 3, used: 0, remaining: 3 },
  });
  expect(tenants().quota("t1")?.state().limit).toBe(3);
  expect((await call("PUT", "/quota/t1", { limit: "lots" })).status).toBe(400);
});
