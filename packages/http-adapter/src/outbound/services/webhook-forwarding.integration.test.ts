import type { ServerResponse } from "node:http";
import { inspect } from "node:util";

import { Secret } from "@message-sender/core";
import type { Clock } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { Webhook } from "standardwebhooks";
import { expect, onTestFinished, test } from "vitest";

import { sendJson, startHttpServer } from "../../../test/loopback.ts";
import { holdManualLimit, manualLimitMs, reachManualLimit } from "../../../test/manual-limit.ts";
import { createWebhookForwarding, type WebhookForwardingOptions } from "./webhook-forwarding.ts";

const secret = `whsec_${Buffer.from("forwarding-canary-0123456789abcdef").toString("base64")}`;
const webhook = {
  id: "0f9a",
  receivedAt: new Date("2026-11-23T10:00:00Z"),
  body: '{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"x","value":"\\ud83d Zoë 12345678901234567890"}]}]}',
};

async function forwardTo(
  answer: (response: ServerResponse, url: string) => unknown,
  { path = "/hooks/?a=b", ...options }: Partial<WebhookForwardingOptions> & { readonly path?: string } = {},
) {
  const server = await startHttpServer(({ url }, response) => answer(response, url));
  const forwarding = createWebhookForwarding({ url: `${server.url}${path}`, secret: new Secret(secret), ...options });
  onTestFinished(() => forwarding.close());
  return { server, forwarding };
}

test.each([200, 201, 204])("posts a webhook in its original text, signed; %i means accepted", async (status) => {
  const { server, forwarding } = await forwardTo((response) => response.writeHead(status).end());
  expect((await forwarding.forward(webhook)).isOk()).toBe(true);
  const [request] = server.requests;
  expect(request).toMatchObject({
    method: "POST",
    url: "/hooks/?a=b",
    body: webhook.body,
    headers: { "content-type": "application/json", "webhook-id": "0f9a" },
  });
  const headers = request?.headers as Record<string, string>;
  expect(new Webhook(secret).verify(request?.body ?? "", headers)).toEqual(JSON.parse(webhook.body));
  expect(() => new Webhook(secret).verify(`${request?.body} `, headers)).toThrow("No matching signature");
  const another = new Webhook(Buffer.from("another-secret-of-24-bytes").toString("base64"));
  expect(() => another.verify(request?.body ?? "", headers)).toThrow("No matching signature");
});

test("is signed at the time of each attempt, so that a late one does not look like a replay", async () => {
  let now = new Date("2026-11-23T10:00:00.900Z");
  const clock: Clock = { ...createSystemClock(), now: () => now };
  const { server, forwarding } = await forwardTo((response) => response.end(), { clock });
  expect((await forwarding.forward(webhook)).isOk()).toBe(true);
  now = new Date("2026-11-23T11:00:00Z");
  expect((await forwarding.forward(webhook)).isOk()).toBe(true);
  const [first, second] = server.requests.map(({ headers }) => headers);
  expect([first?.["webhook-timestamp"], second?.["webhook-timestamp"]]).toEqual(["1795428000", "1795431600"]);
  expect(first?.["webhook-id"]).toBe(second?.["webhook-id"]);
  expect(first?.["webhook-signature"]).not.toBe(second?.["webhook-signature"]);
});

test.each<[string, (response: ServerResponse, url: string) => unknown, string]>([
  ["a redirect", (response) => response.writeHead(307, { location: "/elsewhere" }).end(), "answered HTTP 307"],
  ["400", (response) => sendJson(response, 400, { said: "s3cr3t" }), "answered HTTP 400"],
  ["410", (response) => response.writeHead(410).end(), "answered HTTP 410"],
  ["500", (response) => sendJson(response, 500, "s3cr3t"), "answered HTTP 500"],
  ["nothing", reachManualLimit, `timed out after ${manualLimitMs} ms`],
  ["a connection that closes", (response) => response.destroy(), "connection closed"],
])("%s means not accepted, with a reason without secrets", async (_, answer, reason) => {
  holdManualLimit();
  const { server, forwarding } = await forwardTo(answer, { timeoutMs: manualLimitMs });
  const error = (await forwarding.forward(webhook))._unsafeUnwrapErr();
  expect(error).toMatchObject({ kind: "Unavailable", reason: `webhook forwarding: ${reason}` });
  expect(error).not.toHaveProperty("retryAt");
  const shown = inspect([error, forwarding], { depth: 9, showHidden: true });
  for (const hidden of ["s3cr3t", "Zoë", secret, secret.slice(6), "forwarding-canary"])
    expect(shown).not.toContain(hidden);
  expect(server.requests).toHaveLength(1);
});

test.each([429, 503])("Retry-After is passed on with %i", async (status) => {
  const now = new Date("2026-11-23T10:00:00Z");
  const clock: Clock = { ...createSystemClock(), now: () => now };
  const { forwarding } = await forwardTo((response) => response.writeHead(status, { "retry-after": "120" }).end(), {
    clock,
  });
  expect((await forwarding.forward(webhook))._unsafeUnwrapErr()).toMatchObject({
    retryAt: new Date("2026-11-23T10:02:00Z"),
  });
});

test("a secret that is not base64 is refused, and not shown", () => {
  const create = () => createWebhookForwarding({ url: "http://127.0.0.1:1", secret: new Secret("canary!") });
  expect(create).toThrow();
  try {
    create();
  } catch (error) {
    expect(inspect(error)).not.toContain("canary!");
  }
});
