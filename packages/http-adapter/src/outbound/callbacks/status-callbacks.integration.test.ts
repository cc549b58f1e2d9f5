import type { ServerResponse } from "node:http";
import { inspect } from "node:util";

import { Secret } from "@message-sender/core";
import { type Clock, eventIdOf } from "@message-sender/core/adapter";
import { exampleEvent, exampleOutlet, exampleTime } from "@message-sender/core/contracts";
import { createSystemClock } from "@message-sender/core/node";
import { okAsync } from "neverthrow";
import { Webhook } from "standardwebhooks";
import { describe, expect, onTestFinished, test } from "vitest";

import { type ReceivedRequest, startHttpServer } from "../../../test/loopback.ts";
import { holdManualLimit, manualLimitMs, reachManualLimit } from "../../../test/manual-limit.ts";
import type { CallbackReceiver } from "./callback-receiver.ts";
import { createStatusCallbacks, type StatusCallbacksOptions } from "./status-callbacks.ts";

const secretText = `whsec_${Buffer.from("callback-canary-0123456789abcdef").toString("base64")}`;
const secret = new Secret(secretText);

function callbacksTo(receiver: CallbackReceiver, options: Partial<StatusCallbacksOptions> = {}) {
  const callbacks = createStatusCallbacks({ receiver, allowPrivate: true, ...options });
  onTestFinished(() => callbacks.close());
  return callbacks;
}

async function receiving(
  answer: (response: ServerResponse, request: ReceivedRequest) => unknown,
  options: Partial<StatusCallbacksOptions> = {},
) {
  const server = await startHttpServer((request, response) => answer(response, request));
  return { server, callbacks: callbacksTo({ url: `${server.url}/hooks?a=b`, secret }, options) };
}

const deliver = async (callbacks: ReturnType<typeof callbacksTo>, event = exampleEvent()) =>
  (await callbacks.deliver(event))._unsafeUnwrap();

describe("an event", () => {
  test.each([200, 201, 204])("is posted whole, signed; %i means delivered", async (status) => {
    const { server, callbacks } = await receiving((response) => response.writeHead(status).end());
    const event = exampleEvent();
    expect(await deliver(callbacks, event)).toEqual({ kind: "delivered" });
    const [request] = server.requests;
    expect(request).toMatchObject({
      method: "POST",
      url: "/hooks?a=b",
      headers: {
        "content-type": "application/json",
        "webhook-id": `${event.messageId}:${event.version}`,
        traceparent: event.traceparent,
      },
    });
    const verified = new Webhook(secretText).verify(request?.body ?? "", request?.headers as Record<string, string>);
    const at = exampleTime.toISOString();
    expect(verified).toEqual({
      type: "message.status",
      timestamp: at,
      data: {
        message_id: event.messageId,
        version: event.version,
        tenant_id: "tenant-1",
        outlet_id: "outlet-1",
        conversation_id: "conversation-1",
        to: event.to,
        reference: event.reference,
        status: "delivered",
        whatsapp_message_id: event.whatsappMessageId,
        failure: event.failure,
        possible_duplicate: true,
        queued_at: at,
        sent_at: at,
        delivered_at: at,
        read_at: at,
        failed_at: at,
      },
    });
    const another = new Webhook(Buffer.from("another-secret-of-24-bytes").toString("base64"));
    expect(() => another.verify(request?.body ?? "", request?.headers as Record<string, string>)).toThrow();
  });

  test("is signed at the time of each delivery", async () => {
    let now = new Date("2026-11-23T10:00:00.900Z");
    const clock: Clock = { ...createSystemClock(), now: () => now };
    const { server, callbacks } = await receiving((response) => response.end(), { clock });
    const event = exampleEvent();
    await deliver(callbacks, event);
    now = new Date("2026-11-23T11:00:00Z");
    await deliver(callbacks, event);
    const [first, second] = server.requests.map(({ headers }) => headers);
    expect([first?.["webhook-timestamp"], second?.["webhook-timestamp"]]).toEqual(["1795428000", "1795431600"]);
    expect(first?.["webhook-id"]).toBe(second?.["webhook-id"]);
    expect(first?.["webhook-signature"]).not.toBe(second?.["webhook-signature"]);
  });

  test("has only the fields that are known", async () => {
    const { server, callbacks } = await receiving((response) => response.end());
    const { messageId, version, at, outlet, conversationId, to, queuedAt } = exampleEvent();
    await deliver(callbacks, { messageId, version, at, outlet, conversationId, to, status: "queued", queuedAt });
    const { data } = JSON.parse(server.requests[0]?.body ?? "{}") as { data: object };
    const ids = ["message_id", "version", "tenant_id", "outlet_id", "conversation_id"];
    expect(Object.keys(data)).toEqual([...ids, "to", "status", "queued_at"]);
    expect(server.requests[0]?.headers).not.toHaveProperty("traceparent");
  });
});

describe("an answer", () => {
  test("of 410 ends the delivery", async () => {
    const { callbacks } = await receiving((response) => response.writeHead(410).end());
    expect(await deliver(callbacks)).toEqual({
      kind: "refused",
      reason: "the receiver answered HTTP 410",
      httpStatus: 410,
    });
  });

  test.each([400, 401, 404, 409, 422, 429, 500, 503])("of %i is retried", async (status) => {
    const { callbacks } = await receiving((response) => response.writeHead(status).end("s3cr3t"));
    const reason = `the receiver answered HTTP ${status}`;
    expect(await deliver(callbacks)).toEqual({ kind: "retry", reason, httpStatus: status });
  });

  test.each([301, 302, 307, 308])("of %i is not followed", async (status) => {
    const { server, callbacks } = await receiving((response, { url }) =>
      url === "/elsewhere" ? response.end() : response.writeHead(status, { location: "/elsewhere" }).end(),
    );
    expect(await deliver(callbacks)).toMatchObject({ kind: "retry", httpStatus: status });
    expect(server.requests.map(({ url }) => url)).toEqual(["/hooks?a=b"]);
  });

  test("may ask for time", async () => {
    const now = new Date("2026-11-23T10:00:00Z");
    const clock: Clock = { ...createSystemClock(), now: () => now };
    const { server, callbacks } = await receiving(
      (response) => response.writeHead(503, { "retry-after": "120" }).end(),
      { clock },
    );
    const retryAt = new Date("2026-11-23T10:02:00Z");
    expect(await deliver(callbacks)).toMatchObject({ kind: "retry", retryAt });
    expect((await deliver(callbacks)).kind).toBe("busy");
    expect(server.requests).toHaveLength(1);
  });

  test("that is cut short counts by its status", async () => {
    const { callbacks } = await receiving((response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    expect(await deliver(callbacks)).toEqual({ kind: "delivered" });
  });

  test.each<[string, (response: ServerResponse) => unknown]>([
    ["never comes", reachManualLimit],
    ["is a closed connection", (response) => response.destroy()],
    ["is not HTTP", (response) => response.socket?.end("canary is not HTTP\r\n\r\n")],
  ])("that %s is retried, and the reason has no secret", async (_, answer) => {
    holdManualLimit();
    const { callbacks } = await receiving(answer, { timeoutMs: manualLimitMs });
    const result = await deliver(callbacks);
    expect(result).toMatchObject({ kind: "retry", reason: expect.stringMatching(/^the receiver did not answer: /) });
    const shown = inspect([result, callbacks], { depth: 9, showHidden: true });
    for (const hidden of ["canary", secretText, secretText.slice(6), "628123456789"])
      expect(shown).not.toContain(hidden);
  });
});

describe("a private address", () => {
  test.each(["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433"])(
    "is not connected to unless it is allowed: %s",
    async (host) => {
      const server = await startHttpServer((_, response) => response.end());
      const url = `http://${host}:${server.port}/hooks`;
      const result = await deliver(callbacksTo({ url, secret }, { allowPrivate: false }));
      expect(result).toMatchObject({ kind: "retry", reason: expect.stringContaining("CALLBACK_ALLOW_PRIVATE=on") });
      expect(server.connections()).toBe(0);
    },
  );
});

describe("tenants", () => {
  const none = { known: () => "none" as const, lookup: () => okAsync("none" as const), doubt() {} };
  const eventOf = (tenantId: string) => exampleEvent({ outlet: { ...exampleOutlet, tenantId } });

  test("a tenant's own receiver wins over the one for everyone, and is used with its own secret", async () => {
    const { server } = await receiving((response) => response.end());
    const ownSecret = Buffer.from("the-secret-of-one-tenant").toString("base64");
    const own = { url: `${server.url}/own`, secret: new Secret(ownSecret) };
    const found = (tenantId: string) => (tenantId === "own" ? own : ("none" as const));
    const tenants = { known: found, lookup: (tenantId: string) => okAsync(found(tenantId)), doubt() {} };
    const callbacks = callbacksTo({ url: `${server.url}/all`, secret }, { tenants });
    await deliver(callbacks, eventOf("own"));
    await deliver(callbacks, eventOf("other"));
    expect(server.requests.map(({ url }) => url)).toEqual(["/own", "/all"]);
    const [first, second] = server.requests;
    new Webhook(ownSecret).verify(first?.body ?? "", first?.headers as Record<string, string>);
    new Webhook(secretText).verify(second?.body ?? "", second?.headers as Record<string, string>);
  });

  test("without a receiver for everyone, a tenant without one wants nothing", async () => {
    const callbacks = createStatusCallbacks({ tenants: none });
    onTestFinished(() => callbacks.close());
    expect(callbacks.isWanted("t")).toBe(false);
    expect(await deliver(callbacks)).toEqual({ kind: "unwanted" });
    const nobody = createStatusCallbacks({});
    expect([nobody.isWanted("t"), await deliver(nobody)]).toEqual([false, { kind: "unwanted" }]);
  });

  test("a tenant that is not known yet may want them: that is decided at the delivery", async () => {
    const callbacks = createStatusCallbacks({ tenants: { ...none, known: () => undefined } });
    onTestFinished(() => callbacks.close());
    expect(callbacks.isWanted("t")).toBe(true);
    expect(await deliver(callbacks)).toEqual({ kind: "unwanted" });
  });

  test("a receiver that answers 401 may have moved", async () => {
    const doubted: string[] = [];
    const { server } = await receiving((response) => response.writeHead(401).end());
    const found = { url: server.url, secret };
    const tenants = { known: () => found, lookup: () => okAsync(found), doubt: (id: string) => void doubted.push(id) };
    const callbacks = createStatusCallbacks({ tenants, allowPrivate: true });
    onTestFinished(() => callbacks.close());
    await deliver(callbacks, eventOf("t"));
    expect(doubted).toEqual(["t"]);
  });
});

test("a receiver that hangs delays no other", async () => {
  const held: ServerResponse[] = [];
  const { server } = await receiving((response, { url }) => (url === "/hangs" ? held.push(response) : response.end()));
  const found = (tenantId: string) => ({ url: `${server.url}/${tenantId}`, secret });
  const tenants = { known: found, lookup: (tenantId: string) => okAsync(found(tenantId)), doubt() {} };
  const callbacks = createStatusCallbacks({ tenants, allowPrivate: true });
  onTestFinished(() => callbacks.close());
  const event = (tenantId: string) => exampleEvent({ outlet: { ...exampleOutlet, tenantId } });
  const hanging = Array.from({ length: 200 }, () => deliver(callbacks, event("hangs")));
  const others = Array.from({ length: 200 }, (_, index) => deliver(callbacks, event(`t-${index % 4}`)));
  const kinds = new Set((await Promise.all(others)).map(({ kind }) => kind));
  expect([...kinds]).toEqual(["delivered"]);
  await expect.poll(() => held.length).toBe(16);
  for (const response of held) response.end();
  await expect.poll(() => held.length).toBe(32);
  const end = setInterval(() => {
    for (const response of held) response.end();
  }, 20);
  onTestFinished(() => clearInterval(end));
  const results = await Promise.all(hanging);
  expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(["delivered", "busy"]));
  expect(results.filter(({ kind }) => kind === "delivered")).toHaveLength(64);
});

test("forgets receivers that are idle", async () => {
  const { server } = await receiving((response) => response.end());
  const found = (tenantId: string) => ({ url: `${server.url}/${tenantId}`, secret });
  const tenants = { known: found, lookup: (tenantId: string) => okAsync(found(tenantId)), doubt() {} };
  const callbacks = createStatusCallbacks({ tenants, allowPrivate: true });
  onTestFinished(() => callbacks.close());
  const ids: string[] = [];
  for (let index = 0; index < 1100; index += 1) {
    const event = exampleEvent({ outlet: { ...exampleOutlet, tenantId: `t-${index}` } });
    ids.push(eventIdOf(event));
    expect(await deliver(callbacks, event)).toEqual({ kind: "delivered" });
  }
  expect(server.requests.map(({ headers }) => headers["webhook-id"])).toEqual(ids);
});
