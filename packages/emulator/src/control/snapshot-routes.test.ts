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
  { version: 1, parts: { people: {} } },
  { version: 1, parts: { options: { moon: 1 } } },
])("%j is rejected and changes nothing", async (snapshot) => {
  const { call } = await filled();
  const before = (await call("GET", "/snapshot")).body;
  expect((await call("PUT", "/snapshot", snapshot)).status).toBe(400);
  expect((await call("GET", "/snapshot")).body).toEqual(before);
});
