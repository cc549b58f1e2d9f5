import { expect, test } from "vitest";

import { openControl } from "../../test/control-client.ts";
import type { ChatMessage } from "../chats/chat-message.ts";
import { sampleOutlets } from "../samples/sample-tenants.ts";

async function withSamples(options?: Parameters<typeof openControl>[0]) {
  const opened = openControl(options);
  expect((await opened.call("PUT", "/samples")).status).toBe(204);
  const { messages } = (await opened.call("GET", "/messages?direction=out")).body as { messages: ChatMessage[] };
  return { ...opened, messages };
}

test("load samples: chats in both directions, whose messages arrived, were read or failed", async () => {
  const { call, messages, clock } = await withSamples();
  expect(new Set(messages.map(({ status }) => status))).toEqual(new Set(["read", "delivered", "failed"]));
  const received = (await call("GET", "/messages?direction=in")).body.messages as ChatMessage[];
  expect(new Set(received.map(({ type }) => type))).toEqual(
    new Set(["text", "reaction", "audio", "image", "interactive", "location"]),
  );
  for (const { at, statuses } of [...messages, ...received]) {
    expect(at).toBeLessThan(clock.now());
    expect(statuses.every((one, index) => one.at > (statuses[index - 1]?.at ?? at) && one.at <= clock.now())).toBe(
      true,
    );
  }
  expect(received.map(({ profileName }) => profileName)).toContain("Ana Wijaya");
});

test("load samples: templates in every state", async () => {
  const { call } = await withSamples();
  const { templates } = (await call("GET", "/templates")).body as { templates: { status: string }[] };
  expect(new Set(templates.map(({ status }) => status))).toEqual(
    new Set(["approved", "pending", "rejected", "paused"]),
  );
});

test("load samples: the numbers have names, their outlets are known, and a message can be answered", async () => {
  const { graph, tenants, call, send } = await withSamples();
  for (const { tenantId, outletId, name, credentials } of sampleOutlets) {
    expect(tenants().credentials(tenantId, outletId)).toEqual(credentials);
    const path = `/v25.0/${credentials.waba_id}/phone_numbers?fields=verified_name`;
    const listed = await graph.app.request(path, { headers: { authorization: "Bearer any" } }, {});
    expect(JSON.stringify(await listed.json())).toContain(name);
  }
  const pressed = await call("POST", "/customers/12025550143/messages", { press: "Keep it warm" });
  expect(pressed.status).toBe(201);
  await send({ to: "12025550143" }, sampleOutlets[0]?.credentials.phone_number_id);
  const { messages } = (await call("GET", "/messages?direction=out&to=12025550143")).body as {
    messages: ChatMessage[];
  };
  expect(messages.at(-1)?.text).toBe("Hello!");
});

test("load samples: the files can be downloaded", async () => {
  const { state } = await withSamples();
  const files = state().media.all();
  expect(files.map(({ mimeType }) => mimeType)).toContain("image/png");
  for (const { id, size } of files) expect(state().media.find(id)?.bytes.read().length).toBe(size);
});

test("load samples: ids are the same each time, and those given later are others", async () => {
  const [one, other] = [await withSamples(), await withSamples()];
  const idsOf = ({ chats }: typeof one) => chats.all().map(({ id }) => id);
  expect(idsOf(other)).toEqual(idsOf(one));
  await one.call("PUT", "/samples");
  expect(idsOf(one)).toEqual(idsOf(other));
  const before = new Set(idsOf(one));
  await one.send({ to: "12025550143" });
  await one.call("POST", "/customers/12025550143/messages", { text: "Hi" });
  expect(new Set(idsOf(one)).size).toBe(before.size + 2);
});

test("load samples: options stay, and any token, number, tenant and other template is still accepted", async () => {
  const { call, send, tenants, chats } = await withSamples({
    limits: { throughputPerSecond: 50 },
    webhooks: { delayMs: 7 },
  });
  expect((await call("GET", "/options")).body).toMatchObject({ webhooks: { delayMs: 7 } });
  expect((await call("GET", "/limits")).body).toEqual({ throughputPerSecond: 50 });
  expect(tenants().credentials("any", "outlet")).toBeDefined();
  const template = { name: "order_ready", language: { code: "en_US" } };
  expect(await send({ type: "template", template }, "11")).toBe(chats.all().at(-1)?.id);
});

test("load samples: logs have none of it, no webhook is sent, and a reset removes all", async () => {
  const { call, chats, webhooks, graph, tenants } = await withSamples();
  expect([graph.log.count, graph.calls.count, graph.accepted.count, webhooks.state().onTheWay]).toEqual([0, 0, 0, 0]);
  expect(webhooks.sent).toEqual([]);
  await call("POST", "/reset");
  expect(chats.all()).toEqual([]);
  expect((await call("GET", "/templates")).body).toEqual({ templates: [] });
  expect(tenants().firstNumber()).toBeUndefined();
});

test("load samples: a reader is given a sample once more after they are loaded again", async () => {
  const { call } = await withSamples();
  const wait = async () => (await call("GET", "/wait/message?text=Sundays&direction=in&reader=r&timeoutMs=0")).status;
  expect([await wait(), await wait()]).toEqual([200, 408]);
  await call("PUT", "/samples");
  expect(await wait()).toBe(200);
});

test("load samples: who wrote within a day has an open window", async () => {
  const { call } = await withSamples();
  const { body } = await call("GET", "/limits/use");
  const open = body.pairs.filter(({ isWindowOpen }: { isWindowOpen: boolean }) => isWindowOpen);
  const customers = open.map(({ customer }: { customer: string }) => customer);
  expect(customers.toSorted()).toEqual(["12025550143", "12025550157", "12025550178"]);
});
