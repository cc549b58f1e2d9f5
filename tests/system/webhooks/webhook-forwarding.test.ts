import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { request } from "undici";
import { expect, it, onTestFinished } from "vitest";

import { until } from "../../support/running-service.ts";
import { serveHere } from "../../support/serve-here.ts";
import { exitOf, serve } from "../../support/serve-process.ts";

const appSecret = "app-secret-of-the-test";
const callbackSecret = `whsec_${randomBytes(32).toString("base64")}`;

const received = String.raw`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"106540352242922"},"messages":[{"id":"wamid.in","n":12345678901234567890,"text":{"body":"Is my order ready? \ud83d\ude42"}}]}}]}]}`;

/** The receiver of forwarded webhooks. It answers with `status`, which a test can change. */
async function startReceiver(status: number) {
  const requests: { headers: IncomingHttpHeaders; body: string }[] = [];
  const receiver = { status, requests, url: "" };
  const server = createServer(async (incoming, response) => {
    let body = "";
    for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
    requests.push({ headers: incoming.headers, body });
    response.writeHead(receiver.status).end();
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  return receiver;
}

/** The settings of a server with a store of its own, which forwards to the receiver if there is one. */
async function settingsOf(receiver?: { url: string }) {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-forwarding-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return {
    DATABASE_URL: `sqlite:${join(folder, "store.db")}`,
    TENANT_SERVICE_URL: "http://127.0.0.1:9",
    WHATSAPP_APP_SECRET: appSecret,
    WHATSAPP_VERIFY_TOKEN: "verify",
    ...(receiver && forwardingTo(receiver)),
    LOG_LEVEL: "debug",
  };
}

const forwardingTo = ({ url }: { url: string }) => ({ WEBHOOK_FORWARD_URL: url, CALLBACK_SECRET: callbackSecret });

/** The signature as Standard Webhooks defines it. */
function isSigned({ headers, body }: { headers: IncomingHttpHeaders; body: string }): boolean {
  const key = Buffer.from(callbackSecret.slice(6), "base64");
  const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
  return headers["webhook-signature"] === `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}

async function postWebhook({ url }: { url: string }, body = received) {
  const signature = `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
  const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
  const answer = await request(`${url}/webhooks/whatsapp`, { method: "POST", body, headers });
  return { status: answer.statusCode, body: await answer.body.json() };
}

it("forwards a webhook unchanged, once and signed", async () => {
  const receiver = await startReceiver(200);
  const server = await serveHere(await settingsOf(receiver));
  for (let count = 0; count < 3; count += 1) {
    expect(await postWebhook(server)).toEqual({
      status: 200,
      body: { applied: 0, parked: 0, unmatched: 0, kept: 1 },
    });
  }
  await until(() => server.printed().includes("webhook forwarded"));
  await server.close();
  expect(receiver.requests.map(({ body }) => body)).toEqual([received]);
  expect(receiver.requests.every(isSigned)).toBe(true);
  for (const hidden of [callbackSecret, callbackSecret.slice(6), "Is my order ready"]) {
    expect(server.printed()).not.toContain(hidden);
  }
});

it("forwards statuses that are not understood, and logs why", async () => {
  const receiver = await startReceiver(200);
  const server = await serveHere(await settingsOf(receiver));
  const webhookOf = (...statuses: readonly object[]) => {
    const value = { metadata: { phone_number_id: "106540352242922" }, statuses };
    const entry = [{ id: "1", changes: [{ field: "messages", value }] }];
    return JSON.stringify({ object: "whatsapp_business_account", entry });
  };
  const status = { id: "wamid.1", status: "read", timestamp: "1763719207", biz_opaque_callback_data: "ms1:m:1" };
  const payment = { ...status, type: "payment", status: "failed", payment: { reference_id: "order-1" } };
  const deleted = { ...status, status: "deleted" };
  expect(await postWebhook(server, webhookOf(status, payment, deleted))).toEqual({
    status: 200,
    body: { applied: 0, parked: 0, unmatched: 1, kept: 1 },
  });
  await until(() => receiver.requests.length === 1);
  expect(receiver.requests.map(({ body }) => body)).toEqual([webhookOf(payment, deleted)]);
  for (const reason of ["another type: payment", "unknown status: deleted"]) {
    await until(() => server.printed().includes(`"part":"statuses","count":1,"reason":"${reason}"`));
  }
});

it("retries a receiver that fails, also after a crash, under the same id", async () => {
  const receiver = await startReceiver(503);
  const settings = await settingsOf(receiver);
  const first = await serve([], settings);
  expect((await postWebhook(first)).status).toBe(200);
  await until(() => first.printed().includes("webhook not forwarded: will be retried"));
  first.child.kill("SIGKILL");
  await exitOf(first.child);
  const second = await serve([], settings);
  await until(() => receiver.requests.length > 1);
  receiver.status = 204;
  await until(() => second.printed().includes("webhook forwarded"));
  expect(receiver.requests.length).toBeGreaterThan(1);
  expect(new Set(receiver.requests.map(({ body }) => body))).toEqual(new Set([received]));
  expect(new Set(receiver.requests.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(receiver.requests.every(isSigned)).toBe(true);
});

it("keeps what arrives without a receiver, shows it, and forwards it once there is one", async () => {
  const receiver = await startReceiver(200);
  const settings = await settingsOf();
  const first = await serveHere(settings);
  expect((await postWebhook(first)).status).toBe(200);
  const list = await request(`${first.url}/api/v1/webhooks?phone_number_id=106540352242922&since=2020-01-01`);
  expect(await list.body.text()).toContain(`"field":"messages","body":${received}}`);
  const forward = async ({ url }: { url: string }) => {
    const answer = await request(`${url}/api/v1/webhooks/forward`, { method: "POST" });
    return [answer.statusCode, await answer.body.json()];
  };
  expect(await forward(first)).toMatchObject([409, { type: "/problems/conflict" }]);
  await first.close();

  const second = await serveHere({ ...settings, ...forwardingTo(receiver) });
  expect(await forward(second)).toEqual([200, { matched: 1, queued: 1 }]);
  await until(() => second.printed().includes("webhook forwarded"));
  expect(await forward(second)).toEqual([200, { matched: 1, queued: 0 }]);
  expect(receiver.requests.map(({ body }) => body)).toEqual([received]);
  expect(receiver.requests.every(isSigned)).toBe(true);
});
