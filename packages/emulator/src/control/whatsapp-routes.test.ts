import { expect, test } from "vitest";

import { createServices } from "../sandbox/services.ts";

function controlled() {
  const services = createServices({ now: () => 1_750_000_000_000 });

  async function call(method: string, path: string, body?: unknown) {
    const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await services.control.request(`/__emulator/${path}`, init, {});
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async function send(change: object = {}) {
    const body = { messaging_product: "whatsapp", to: "+628123456", text: { body: "Hello!" }, ...change };
    const init = { method: "POST", headers: { authorization: "Bearer EAAtoken" }, body: JSON.stringify(body) };
    const response = await services.graph.app.request("/v25.0/123/messages", init, {});
    const answer = (await response.json()) as { error?: { code: number }; messages?: [{ message_status?: string }] };
    return { headers: response.headers, code: answer.error?.code, messageStatus: answer.messages?.[0].message_status };
  }

  return { ...services, call, send };
}

const template = (name: string) => ({ type: "template", template: { name, language: { code: "en" } } });

test("show the clock, and advance the clock", async () => {
  const { call, clock } = controlled();
  expect((await call("GET", "clock")).body).toEqual({ now: 1_750_000_000_000 });
  expect(await call("POST", "clock", { advanceMs: 500 })).toEqual({ status: 200, body: { now: 1_750_000_000_500 } });
  expect(clock.now()).toBe(1_750_000_000_500);
});

test("set limits, and show limits", async () => {
  const { call, send } = controlled();
  const limits = { throughputPerSecond: 1, pair: false };
  expect((await call("GET", "limits")).body).toEqual({});
  expect(await call("PUT", "limits", limits)).toEqual({ status: 200, body: limits });
  expect((await call("GET", "limits")).body).toEqual(limits);
  expect([(await send()).code, (await send()).code]).toEqual([undefined, 130429]);
});

test("set templates", async () => {
  const { call, send } = controlled();
  expect((await call("PUT", "templates", [{ name: "one", language: "en" }])).status).toBe(200);
  expect([(await send(template("one"))).code, (await send(template("two"))).code]).toEqual([undefined, 132001]);
});

test("set message statuses", async () => {
  const { call, send } = controlled();
  await call("PUT", "message-statuses", [{ template: "one", messageStatus: "paused" }]);
  expect((await send(template("one"))).messageStatus).toBe("paused");
});

test("set usage", async () => {
  const { call, send } = controlled();
  await call("PUT", "usage", { app: { call_count: 90 } });
  expect((await send()).headers.get("x-app-usage")).toContain('"call_count":90');
  await call("PUT", "usage", {});
  expect((await send()).headers.has("x-app-usage")).toBe(false);
});

test("show media, and show receipts", async () => {
  const { call, send } = controlled();
  await send({ status: "read", message_id: "wamid.A" });
  expect((await call("GET", "receipts")).body).toMatchObject({ receipts: [{ messageId: "wamid.A" }] });
  expect((await call("GET", "media")).body).toEqual({ media: [] });
});

test("receive a message, and receive a preference", async () => {
  const { call, send } = controlled();
  await call("PUT", "limits", { window: true });
  await call("PUT", "templates", [{ name: "promo", language: "en", category: "marketing" }]);
  const person = { phoneNumberId: "123", from: "628123456" };
  expect((await send()).code).toBe(131047);
  expect(await call("POST", "webhooks/inbound", { ...person, text: "Hi" })).toMatchObject({
    status: 200,
    body: { id: expect.stringMatching(/^wamid\./) },
  });
  expect((await send()).code).toBeUndefined();
  await call("POST", "webhooks/preferences", { ...person, value: "stop" });
  expect((await send(template("promo"))).code).toBe(131050);
});

test("receive errors", async () => {
  const { call } = controlled();
  const change = { phoneNumberId: "123", errors: [{ code: 130429 }] };
  expect(await call("POST", "webhooks/errors", change)).toEqual({ status: 200, body: change });
});

test("redeliver a webhook: one that was never sent", async () => {
  expect((await controlled().call("POST", "webhooks/webhook-1/redeliver")).status).toBe(404);
});

test("receive any change", async () => {
  const { call } = controlled();
  const change = { phoneNumberId: "123", field: "messages", value: { statuses: [{ status: "deleted" }] } };
  expect(await call("POST", "webhooks/raw", change)).toEqual({ status: 200, body: change });
});

test.each([
  ["POST", "clock", { advanceMs: -1 }],
  ["PUT", "limits", { throughputPerSecond: 0 }],
  ["PUT", "limits", undefined],
  ["PUT", "templates", [{ name: "one" }]],
  ["PUT", "message-statuses", [{ template: "one" }]],
  ["PUT", "usage", { app: { call_count: "many" } }],
  ["POST", "webhooks/inbound", { phoneNumberId: "123", text: "Hi" }],
  ["POST", "webhooks/preferences", { phoneNumberId: "123", from: "628", value: "maybe" }],
  ["POST", "webhooks/raw", { phoneNumberId: "123", field: "messages", value: [] }],
])("%s %s rejects %j with a reason", async (method, path, body) => {
  expect(await controlled().call(method, path, body)).toEqual({
    status: 400,
    body: { title: "Bad request", detail: expect.stringMatching(/./) },
  });
});
