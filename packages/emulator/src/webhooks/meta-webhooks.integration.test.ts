import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { describe, expect, onTestFinished, test } from "vitest";

import { openSandbox, sendAccepted } from "../../test/open-sandbox.ts";
import { appSecret, openWebhookReceiver } from "../../test/webhook-receiver.ts";
import type { WebhookOptions } from "./webhook-options.ts";

async function connected(webhooks: WebhookOptions = {}) {
  const receiver = await openWebhookReceiver();
  const sandbox = await openSandbox({ webhooks: { url: receiver.url, appSecret, ...webhooks } });
  return { ...receiver, sandbox };
}

// Status webhooks as Meta sends them.
test("each webhook has both signatures and Meta's user agent, and the log has its bytes", async () => {
  const { sandbox, received } = await connected({ statuses: ["sent"] });
  await sendAccepted(sandbox);
  await sandbox.webhooks.idle();
  const { raw = "", headers } = received[0] ?? {};
  const sha1 = createHmac("sha1", appSecret).update(raw).digest("hex");
  expect(headers).toMatchObject({ "x-hub-signature": `sha1=${sha1}`, "user-agent": "facebookexternalua" });
  expect(sandbox.webhooks.sent).toMatchObject([
    {
      id: "webhook-1",
      body: raw,
      updates: 1,
      headers: { "x-hub-signature": `sha1=${sha1}` },
      tookMs: expect.any(Number),
    },
  ]);
});

test("a webhook is sent again with the same bytes", async () => {
  const { sandbox, received } = await connected({ statuses: ["sent"] });
  await sendAccepted(sandbox);
  await sandbox.webhooks.idle();
  const again = `${sandbox.graphUrl}/__emulator/webhooks/webhook-1/redeliver`;
  expect((await fetch(again, { method: "POST" })).status).toBe(202);
  expect(sandbox.webhooks.redeliver("webhook-99")).toBe(false);
  await sandbox.webhooks.idle();
  expect(received.map(({ raw }) => raw)).toEqual([received[0]?.raw, received[0]?.raw]);
  expect(sandbox.webhooks.sent).toMatchObject([{ id: "webhook-1" }, { id: "webhook-1", attempt: 1 }]);
});

describe("batches", () => {
  test("carry what is due together, in entries by account, and are retried with the same bytes", async () => {
    const receiver = await openWebhookReceiver((response, count) => response.writeHead(count === 1 ? 500 : 200).end());
    const sandbox = await openSandbox({ webhooks: { url: receiver.url, appSecret, batch: 3, statuses: ["sent"] } });
    sandbox.webhooks.withhold();
    for (const number of ["123", "123", "456", "123"]) await sendAccepted(sandbox, {}, number);
    sandbox.webhooks.release();
    await sandbox.webhooks.idle();
    const bodies = receiver.received.map(({ raw }) => JSON.parse(raw) as { entry: { changes: object[] }[] });
    expect(bodies.map(({ entry }) => entry.map(({ changes }) => changes.length))).toEqual([[2, 1], [2, 1], [1]]);
    expect(receiver.received[1]?.raw).toBe(receiver.received[0]?.raw);
    expect(receiver.received.every(({ signed }) => signed)).toBe(true);
    expect(sandbox.webhooks.sent.map(({ updates, statuses }) => [updates, statuses.length])).toEqual([
      [3, 3],
      [3, 3],
      [1, 1],
    ]);
  });
});

describe("hub.challenge", () => {
  async function endpoint(answer: (query: URLSearchParams) => { status?: number; body: string }) {
    const asked: URLSearchParams[] = [];
    const agents: unknown[] = [];
    const server = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? "", "http://localhost");
      asked.push(searchParams);
      agents.push(request.headers["user-agent"]);
      const { status = 200, body } = answer(searchParams);
      response.writeHead(status).end(body);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks?own=1`, asked, agents };
  }

  test("is asked before a target is set, with the token", async () => {
    const { url, asked, agents } = await endpoint((query) => ({ body: query.get("hub.challenge") ?? "" }));
    const sandbox = await openSandbox();
    await sandbox.webhooks.subscribe({ url, appSecret, verifyToken: "t/1" });
    expect(agents).toEqual(["facebookplatform/1.0 (+http://developers.facebook.com)"]);
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      own: "1",
      "hub.mode": "subscribe",
      "hub.verify_token": "t/1",
      "hub.challenge": expect.stringMatching(/^\d{10}$/),
    });
    const put = await fetch(`${sandbox.graphUrl}/__emulator/webhooks`, {
      method: "PUT",
      body: JSON.stringify({ url, appSecret, verifyToken: "t/1" }),
    });
    expect([put.status, asked.length]).toEqual([200, 2]);
  });

  test.each([
    [{ status: 403, body: "" }, /answered 403/],
    [{ body: "<html>" }, /did not answer with hub.challenge/],
  ])("sets no target when the endpoint answers %j", async (answer, why) => {
    const { url } = await endpoint(() => answer);
    const sandbox = await openSandbox();
    await expect(sandbox.webhooks.subscribe({ url, appSecret, verifyToken: "t" })).rejects.toThrow(why);
    const put = await fetch(`${sandbox.graphUrl}/__emulator/webhooks`, {
      method: "PUT",
      body: JSON.stringify({ url, appSecret, verifyToken: "t" }),
    });
    expect(put.status).toBe(409);
    expect(await put.json()).toMatchObject({ detail: expect.stringMatching(why) });
    await sendAccepted(sandbox);
    await sandbox.webhooks.idle();
    expect(sandbox.webhooks.sent).toEqual([]);
  });
});

test("played is reported of voice messages only", async () => {
  const { sandbox, statuses } = await connected();
  await sendAccepted(sandbox, { type: "audio", audio: { id: "77", voice: true } });
  await sandbox.webhooks.idle();
  await sendAccepted(sandbox, { type: "audio", audio: { id: "77" } });
  await sandbox.webhooks.idle();
  expect(statuses()).toEqual(["sent", "delivered", "read", "played", "sent", "delivered", "read"]);
});

test("up to v23, a status with a price has a conversation", async () => {
  const { sandbox, received } = await connected({ version: "v23.0" });
  await sendAccepted(sandbox);
  await sandbox.webhooks.idle();
  sandbox.webhooks.configure({ version: "v24.0" });
  await sendAccepted(sandbox);
  await sandbox.webhooks.idle();
  const conversation = { id: expect.stringMatching(/^[0-9a-f]{32}$/), origin: { type: "service" } };
  const found = received.map(({ change }) => change.value.statuses?.[0]?.["conversation"]);
  expect(found).toEqual([
    expect.objectContaining(conversation),
    expect.objectContaining(conversation),
    ...Array.from({ length: 4 }, () => undefined),
  ]);
});

test("a status to the user id of somebody who wrote with a phone has the phone", async () => {
  const { sandbox, received } = await connected({ statuses: ["sent"] });
  sandbox.webhooks.inbound({ phoneNumberId: "123", from: "+628123456", userId: "ID.77", text: "Hi" });
  await sendAccepted(sandbox, { to: undefined, recipient: "ID.77" });
  await sandbox.webhooks.idle();
  expect(received[1]?.change.value).toMatchObject({
    contacts: [{ wa_id: "628123456", user_id: "ID.77" }],
    statuses: [{ recipient_id: "628123456", recipient_user_id: "ID.77" }],
  });
});

test("targets of accounts and numbers take their webhooks from the app's; a number's own comes first", async () => {
  const [app, account, number] = [
    await openWebhookReceiver(),
    await openWebhookReceiver(),
    await openWebhookReceiver(),
  ];
  const outlets = ["1", "2"].map((id) => [id, { waba_access_token: "EAAtoken", phone_number_id: id, waba_id: "999" }]);
  const sandbox = await openSandbox({
    tenants: { t: { outlets: Object.fromEntries(outlets) } },
    tokens: { EAAtoken: { phoneNumberIds: ["1", "2", "3"] } },
    webhooks: { url: app.url, appSecret, statuses: ["sent"] },
  });
  sandbox.webhooks.target({ url: account.url, appSecret }, { wabaId: "999" });
  sandbox.webhooks.target({ url: number.url, appSecret }, { phoneNumberId: "2" });
  for (const id of ["1", "2", "3"]) sandbox.webhooks.inbound({ phoneNumberId: id, from: "628123456", text: "Hi" });
  await sandbox.webhooks.idle();
  const numbers = (received: typeof app.received) => received.map(({ change }) => change.value.metadata);
  expect([app, account, number].map(({ received }) => numbers(received))).toMatchObject([
    [{ phone_number_id: "3" }],
    [{ phone_number_id: "1" }],
    [{ phone_number_id: "2" }],
  ]);
  const overrides = [
    { wabaId: "999", url: account.url },
    { phoneNumberId: "2", url: number.url },
  ];
  const state = await fetch(`${sandbox.graphUrl}/__emulator/webhooks`);
  expect(await state.json()).toMatchObject({ overrides });
});

test("the callback URL that Graph was given for a number takes its webhooks, signed with the app's secret", async () => {
  const { sandbox, received } = await connected({ statuses: ["sent"] });
  const own = await openWebhookReceiver();
  const given = await fetch(`${sandbox.graphUrl}/v25.0/456`, {
    method: "POST",
    headers: { authorization: "Bearer EAAtoken", "content-type": "application/json" },
    body: JSON.stringify({ webhook_configuration: { override_callback_uri: own.url, verify_token: "t" } }),
  });
  expect(given.status).toBe(200);
  for (const phoneNumberId of ["123", "456"]) sandbox.webhooks.inbound({ phoneNumberId, from: "628", text: "Hi" });
  await sandbox.webhooks.idle();
  expect(received.map(({ change }) => change.value.metadata)).toMatchObject([{ phone_number_id: "123" }]);
  expect(own.received.map(({ change, signed }) => [change.value.metadata, signed])).toMatchObject([
    [{ phone_number_id: "456" }, true],
  ]);
});

test("errors that are about no message come in value.errors", async () => {
  const { sandbox, received } = await connected();
  sandbox.webhooks.errors({ phoneNumberId: "123", errors: [{ code: 130429 }] });
  await sandbox.webhooks.idle();
  expect(received[0]?.change).toMatchObject({
    field: "messages",
    value: { errors: [{ code: 130429, title: "Rate limit hit", error_data: { details: "Rate limit hit" } }] },
  });
  expect(received[0]?.change.value).not.toHaveProperty("contacts");
  expect(sandbox.webhooks.sent).toMatchObject([{ kind: "errors" }]);
});

test("a change of an account is sent as given, with its time", async () => {
  const { sandbox, received } = await connected();
  const value = { event: "APPROVED", message_template_name: "order_ready" };
  sandbox.webhooks.raw({ wabaId: "999", field: "message_template_status_update", value });
  await sandbox.webhooks.idle();
  expect(JSON.parse(received[0]?.raw ?? "")).toEqual({
    object: "whatsapp_business_account",
    entry: [{ id: "999", time: expect.any(Number), changes: [{ field: "message_template_status_update", value }] }],
  });
  expect(() => sandbox.webhooks.raw({ phoneNumberId: "1", wabaId: "2", field: "f", value: {} })).toThrow();
});

test("a chosen status stops those that were to come by themselves", async () => {
  const { sandbox, statuses } = await connected({ delayMs: { delivered: 600_000 } });
  const wamid = await sendAccepted(sandbox);
  await expect.poll(() => statuses()).toEqual(["sent"]);
  const set = await fetch(`${sandbox.graphUrl}/__emulator/messages/${encodeURIComponent(wamid)}/status`, {
    method: "POST",
    body: JSON.stringify({ status: "read" }),
  });
  expect(set.status).toBe(202);
  await expect.poll(() => statuses()).toEqual(["sent", "read"]);
});
