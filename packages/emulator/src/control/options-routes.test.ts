import { expect, test } from "vitest";

import { openControl } from "../../test/control-client.ts";

test("set options: those that are given, and start anew", async () => {
  const { call, send, chats, tenants } = openControl({ tenants: { t1: { quota: { limit: 5 } } }, defaultQuota: 7 });
  await send();
  const limits = { throughputPerSecond: 2 };
  const { status, body } = await call("PATCH", "/options", { limits, tenants: null });
  expect([status, body]).toEqual([200, { limits, defaultQuota: 7 }]);
  expect(chats.all()).toEqual([]);
  expect(tenants().quota("t1")?.state().limit).toBe(7);
  await call("POST", "/reset");
  expect((await call("GET", "/limits")).body).toEqual(limits);
  expect((await call("PATCH", "/options", { limits: null })).body).toEqual({ defaultQuota: 7 });
  expect((await call("GET", "/limits")).body).toEqual({});
});

test("the options of the services and of webhooks apply from then on", async () => {
  const { call, conversation, tenant, webhooks } = openControl();
  await call("PATCH", "/options", {
    serviceToken: "s3cret",
    webhooks: { url: "http://127.0.0.1:1", appSecret: "s", statuses: [], delayMs: { sent: 5 } },
  });
  for (const [app, path] of [
    [tenant.app, "/api/v1/tenants/t/quota"],
    [conversation.app, "/api/v1/conversations/messages/batch"],
  ] as const) {
    const method = path.endsWith("batch") ? "POST" : "GET";
    expect((await app.request(path, { method, ...(method === "POST" && { body: "{}" }) }, {})).status).toBe(401);
  }
  expect(webhooks.state()).toMatchObject({ url: "http://127.0.0.1:1" });
  await call("PATCH", "/options", { serviceToken: null, webhooks: null, reservations: false, batch: false });
  expect(webhooks.state().url).toBeNull();
  const batch = await conversation.app.request(
    "/api/v1/conversations/messages/batch",
    { method: "POST", body: "{}" },
    {},
  );
  expect(batch.status).toBe(404);
});

test("get options: without secrets, addresses and functions", async () => {
  const outlets = { o: { waba_access_token: "EAAsecret1", phone_number_id: "1" } };
  const { call } = openControl({
    tenants: { t: { outlets } },
    tokens: { EAAsecret2: { phoneNumberIds: ["1"], expiresAt: new Date(0) } },
    serviceToken: "secret3",
    webhooks: { url: "http://127.0.0.1:1", appSecret: "secret4" },
    resolve: (digits) => digits,
    now: Date.now,
  });
  const { body } = await call("GET", "/options");
  expect(JSON.stringify(body)).not.toMatch(/secret\d/);
  expect(Object.keys(body).toSorted()).toEqual(["serviceToken", "tenants", "tokens", "webhooks"]);
});

test.each([
  { moon: 1 },
  { limits: { pair: "yes" } },
  { tenants: { t: { outlets: { o: {} } } } },
  { webhooks: { url: "http://127.0.0.1:1" } },
  { tokens: { t: { phoneNumberIds: [], expiresAt: "soon" } } },
  [],
])("%j is rejected and changes nothing", async (changes) => {
  const { call, send, chats } = openControl({ defaultQuota: 7 });
  await send();
  expect((await call("PATCH", "/options", changes)).status).toBe(400);
  expect((await call("GET", "/options")).body).toEqual({ defaultQuota: 7 });
  expect(chats.all()).toHaveLength(1);
});
