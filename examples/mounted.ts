import { createHmac } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

import { createMessageSender, Secret } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";
import type { WebhookOptions } from "@message-sender/http-adapter/inbound";
import { expect, onTestFinished } from "vitest";

export const apiKey = "key-of-the-test";
const appSecret = "secret-of-the-app";

export const webhooks: WebhookOptions = {
  appSecrets: [new Secret(appSecret)],
  verifyToken: new Secret("token-of-the-handshake"),
};

/** A sender whose WhatsApp takes everything. */
export const createSender = () => createMessageSender(createTestPorts());

/** The URL of a server that listens; it closes with the test. */
export async function listening(server: Server): Promise<string> {
  if (!server.listening) await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const order = {
  tenant_id: "tenant-1",
  outlet_id: "outlet-1",
  conversation_id: "conversation-1",
  to: "+628123456789",
  message: "Hello! Your order is ready.",
  message_type: "text",
};

export async function send(url: string, body: string = JSON.stringify(order), key = apiKey) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
  const answer = await fetch(`${url}/whatsapp/api/v1/messages/send`, { method: "POST", body, headers });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

/** Tells the server that a message was delivered, as Meta does. */
export async function deliver(url: string, wamid: unknown) {
  const status = { id: wamid, status: "delivered", timestamp: "1795860000", recipient_id: "628123456789" };
  const value = {
    messaging_product: "whatsapp",
    metadata: { phone_number_id: "number-of-outlet-1" },
    statuses: [status],
  };
  const entry = [{ id: "1", changes: [{ field: "messages", value }] }];
  // Escaped as Meta does it: parsed and written anew it would have another signature.
  const body = JSON.stringify({ object: "whatsapp_business_account", entry }).replaceAll("/", "\\/");
  const signature = createHmac("sha256", appSecret).update(body).digest("hex");
  const headers = { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` };
  const answer = await fetch(`${url}/whatsapp/webhooks/whatsapp`, { method: "POST", body, headers });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

/** Sends a message and lets it be delivered, through the whole of a server. */
export async function expectToWork(url: string): Promise<void> {
  expect(await (await fetch(url)).text()).toBe("the rest of your server");
  expect((await send(url, undefined, "another key")).status).toBe(401);
  expect((await send(url, "{")).status).toBe(400);
  const { status, json } = await send(url);
  expect([status, json["status"]]).toEqual([200, "sent"]);
  expect(await deliver(url, json["whatsapp_message_id"])).toMatchObject({ status: 200, json: { applied: 1 } });
  const path = `/whatsapp/api/v1/messages/${String(json["message_id"])}/status`;
  const shown = await fetch(url + path, { headers: { authorization: `Bearer ${apiKey}` } });
  expect(await shown.json()).toMatchObject({ status: "delivered" });
}

/** Both of what a body parser in front breaks: at once, and by saying so. */
export async function expectToExplain(url: string): Promise<void> {
  const explained = { status: 500, json: { detail: expect.stringMatching(/^A body parser consumed the request/) } };
  expect(await send(url)).toMatchObject(explained);
  expect(await deliver(url, "wamid.x")).toMatchObject(explained);
}
