import { expect, test } from "vitest";

import { openControl } from "../../test/control-client.ts";

async function filled() {
  const opened = openControl({ defaultQuota: 9, limits: { window: true } });
  const { call, send } = opened;
  await call("PATCH", "/options", { defaultQuota: 8 });
  await call("POST", "/customers/628123456/messages", { text: "Hi", phoneNumberId: "123" });
  const wamid = await send();
  await call("POST", `/messages/${wamid}/status`, { status: "read" });
  await call("PUT", "/quota/t1", { limit: 3 });
  await call("PUT", "/templates", [{ name: "one", language: "en" }]);
  await call("PUT", "/message-statuses", [{ messageStatus: "paused" }]);
  await call("PUT", "/usage", { app: { call_count: 1 } });
  await call("POST", "/customers/628123456/marketing", { value: "stop", phoneNumberId: "123" });
  await call("POST", "/clock", { advanceMs: 3_600_000 });
  await call("POST", "/faults", { target: "graph", trigger: { next: 2 }, effect: { graphError: 4 } });
  await call("PUT", "/webhooks", { url: "http://127.0.0.1:1", appSecret: "s", withhold: true, duplicate: 2, batch: 3 });
  await call("PUT", "/webhooks", { fail: [{ match: { to: "+628123456" }, errorCode: 131026 }] });
  await call("PUT", "/webhooks", { url: "http://127.0.0.1:2", appSecret: "s", phoneNumberId: "124" });
  opened.tenants().setCredentials("t1", "o1", { waba_access_token: "EAAnew" });
  opened.tenants().setCallbacks("t1", { status_callback_url: "http://127.0.0.1:3", secret: "whsec" });
  opened.tenants().tokens.revoke("EAAold");
  return { ...opened, wamid };
}

test("export snapshot, import snapshot: another sandbox is then in the same state", async () => {
  const one = await filled();
  const { status, body: snapshot } = await one.call("GET", "/snapshot");
  expect(status).toBe(200);
  const other = openControl();
  expect((await other.call("PUT", "/snapshot", snapshot)).status).toBe(204);
  expect((await other.call("GET", "/snapshot")).body).toEqual(snapshot);
  for (const path of ["/messages", "/limits", "/options"]) {
    expect((await other.call("GET", path)).body, path).toEqual((await one.call("GET", path)).body);
  }
  const person = { phoneNumberId: "123", waId: "628123456" };
  expect(other.state().audience.isWindowOpen(person, other.clock.now())).toBe(true);
  expect(other.state().audience.hasStoppedMarketing(person)).toBe(true);
  expect(other.clock.now()).toBeGreaterThan(Date.now() + 3_000_000);
  expect(other.webhooks.state()).toMatchObject({ url: "http://127.0.0.1:1", withheld: true, duplicate: 2, batch: 3 });
});

test("a fault, a reservation, a stored message and a receipt count on where they were", async () => {
  const one = openControl();
  const other = openControl();
  const restoreOther = async () => other.call("PUT", "/snapshot", (await one.call("GET", "/snapshot")).body);
  const reserve = async ({ tenant }: typeof one) => {
    const headers = { "idempotency-key": "k1", "content-type": "application/json" };
    const body = JSON.stringify({ amount: 3, ttl_seconds: 60 });
    const path = "/api/v1/tenants/t1/quota/reservations";
    return (await tenant.app.request(path, { method: "POST", headers, body }, {})).json();
  };
  const store = async ({ conversation }: typeof one, status: string, version: number) => {
    const message = { message_id: "m1", version, tenant_id: "t1", outlet_id: "o1", direction: "outbound", status };
    const body = JSON.stringify({ ...message, to: "+628123456", message_type: "text", message: "Hi" });
    const path = "/api/v1/conversations/c1/messages";
    return (await conversation.app.request(path, { method: "POST", headers: { "idempotency-key": status }, body }, {}))
      .status;
  };
  const post = async ({ graph }: typeof one, body: object) =>
    (
      await graph.app.request(
        "/v25.0/123/messages",
        { method: "POST", headers: { authorization: "Bearer t" }, body: JSON.stringify(body) },
        {},
      )
    ).status;

  await one.call("POST", "/faults", { target: "graph", trigger: { next: 2 }, effect: { status: 503 } });
  const text = { messaging_product: "whatsapp", to: "628123456", type: "text", text: { body: "Hi" } };
  expect(await post(one, text)).toBe(503);
  await restoreOther();
  expect([await post(other, text), await post(other, text)]).toEqual([503, 200]);

  await one.call("DELETE", "/faults");
  const { message } = (await one.call("POST", "/customers/628123456/messages", { text: "Hi" })).body;
  expect(await post(one, { messaging_product: "whatsapp", status: "read", message_id: message.id })).toBe(200);
  const reserved = await reserve(one);
  const stored = await store(one, "sent", 2);
  await restoreOther();
  expect(await reserve(other)).toEqual(reserved);
  expect(other.tenants().quota("t1")?.state()).toEqual(one.tenants().quota("t1")?.state());
  expect(await store(other, "sent", 2)).toBe(await store(one, "sent", 2));
  expect(stored).toBeLessThan(300);
  expect((await other.call("GET", "/receipts")).body).toEqual((await one.call("GET", "/receipts")).body);
});

test("options that shape the start are those of the snapshot", async () => {
  const one = openControl({
    templateReview: "wait",
    strict: { receipts: true },
    tokens: { EAAone: { phoneNumberIds: ["123"] } },
  });
  const other = openControl();
  await other.call("PUT", "/snapshot", (await one.call("GET", "/snapshot")).body);
  expect(other.tenants().tokens.verdict("EAAtwo", "123")).toBe("unknown");
  expect(other.state().strict).toEqual({ receipts: true });
});

test("files and templates are in it, and ids given later are not theirs", async () => {
  const one = openControl();
  await one.call("PUT", "/templates", [{ name: "one", language: "en", body: 1 }]);
  const data = Buffer.from("seven b").toString("base64");
  await one.call("POST", "/customers/628123456/messages", { document: { data } });
  const other = openControl();
  await other.call("PUT", "/snapshot", (await one.call("GET", "/snapshot")).body);
  const [file] = other.state().media.all();
  expect(
    other
      .state()
      .media.find(file?.id ?? "")
      ?.bytes.read()
      .toString(),
  ).toBe("seven b");
  expect((await other.call("GET", "/templates")).body).toEqual((await one.call("GET", "/templates")).body);
  await other.call("POST", "/customers/628123456/messages", { document: { data } });
  expect(
    new Set(
      other
        .state()
        .media.all()
        .map(({ id }) => id),
    ).size,
  ).toBe(2);
});

test("ids of a sandbox that took a snapshot are not those of its messages", async () => {
  const one = await filled();
  const other = openControl();
  await other.call("PUT", "/snapshot", (await one.call("GET", "/snapshot")).body);
  await other.call("DELETE", "/faults");
  await other.send();
  await other.call("POST", "/customers/628123456/messages", { text: "Hi", phoneNumberId: "123" });
  const ids = other.chats.all().map(({ id }) => id);
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(4);
});

test.each([
  { version: 2, parts: {} },
  { version: 1, parts: { templates: [{ name: "" }] } },
  { version: 1, parts: { moon: {} } },
  { version: 1, parts: { graph: { moon: [] } } },
  { version: 1, parts: { graph: { numbers: {} } } },
  { version: 1, parts: { options: { moon: 1 } } },
])("%j is rejected and changes nothing", async (snapshot) => {
  const { call } = await filled();
  const before = (await call("GET", "/snapshot")).body;
  expect((await call("PUT", "/snapshot", snapshot)).status).toBe(400);
  expect((await call("GET", "/snapshot")).body).toEqual(before);
});
