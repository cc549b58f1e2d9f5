import { exampleOutcomes } from "@message-sender/core/contracts";
import { errAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { createTestApp, order } from "../../../test/app.ts";

const lost = { kind: "Ambiguous", sawSuccess: false, cause: "connection reset" } as const;

/** A message that was held after an attempt without an answer. */
async function withUnknown() {
  const test = createTestApp();
  test.ports.transport.answerWith(lost);
  const { json } = await test.send({ ...order, on_ambiguous: "hold" });
  const id = String(json["message_id"]);
  const resolve = (body: unknown, messageId = id) =>
    test.post(JSON.stringify(body), {}, `/api/v1/messages/${messageId}/resolve`);
  return { ...test, id, resolve };
}

describe("an operator's decision about an unknown or failed message", () => {
  it("resend: the queue sends it again, with a fresh schedule", async () => {
    const { resolve, sender, ports, app, id } = await withUnknown();
    const { status, json } = await resolve({ action: "resend" });
    expect([status, json["message_id"], json["status"]]).toEqual([200, id, "queued"]);
    expect(json["next_attempt_at"]).toBe(ports.clock.now().toISOString());
    await ports.clock.runUntil(sender.tick());
    expect(await (await app.request(`/api/v1/messages/${id}`)).json()).toMatchObject({
      status: "sent",
      attempts: [{ outcome: "ambiguous" }, { outcome: "accepted" }],
    });
  });

  it("abandon: it has failed, and no further attempt is made", async () => {
    const { resolve, sender, ports } = await withUnknown();
    const { status, json } = await resolve({ action: "abandon" });
    expect([status, json["status"], json["next_attempt_at"]]).toEqual([200, "failed", undefined]);
    await ports.clock.runUntil(sender.tick());
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("resend: a failed message takes a new unit of quota, or gets 429", async () => {
    const { send, post, app, ports, sender } = createTestApp();
    const refused = { ...exampleOutcomes.Refused, final: true };
    ports.transport.answerWith(refused, refused);
    const { json } = await send(order);
    const path = `/api/v1/messages/${String(json["message_id"])}`;
    for (let second = 0; second < 8; second += 1) {
      await ports.clock.advance(1000);
      await sender.tick();
    }
    const exceeded = { kind: "QuotaExceeded", resetsAt: new Date(ports.clock.now().getTime() + 9000) } as const;
    const { reserve } = ports.quota;
    Object.assign(ports.quota, { reserve: () => errAsync(exceeded) });
    const without = await post(JSON.stringify({ action: "resend" }), {}, `${path}/resolve`);
    expect([without.status, without.json["type"]]).toEqual([429, "/problems/quota-exceeded"]);
    expect(without.headers.get("retry-after")).toBe("9");
    expect(await (await app.request(path)).json()).toMatchObject({ status: "failed" });
    Object.assign(ports.quota, { reserve });
    const again = await post(JSON.stringify({ action: "resend" }), {}, `${path}/resolve`);
    expect([again.status, again.json["status"], again.json["resent_at"]]).toEqual([
      200,
      "queued",
      [ports.clock.now().toISOString()],
    ]);
  });

  it("resend: 409 for a throttled message, whose key is free", async () => {
    const { send, post, ports } = createTestApp();
    ports.transport.answerWith({ ...exampleOutcomes.Throttled, retryAfterMs: 90_000 });
    const id = String((await send(order)).json["message_id"]);
    const answer = await post(JSON.stringify({ action: "resend" }), {}, `/api/v1/messages/${id}/resolve`);
    expect(answer).toMatchObject({
      status: 409,
      json: {
        type: "/problems/conflict",
        message_status: "failed",
        detail: expect.stringContaining("repeat the request"),
      },
    });
  });

  it("applies once: afterwards there is nothing to abandon", async () => {
    const { resolve, id } = await withUnknown();
    expect((await resolve({ action: "abandon" })).status).toBe(200);
    const { status, headers, json } = await resolve({ action: "abandon" });
    expect([status, headers.get("content-type")]).toEqual([409, "application/problem+json"]);
    expect(json).toMatchObject({
      type: "/problems/conflict",
      title: "The message's state does not allow this",
      message_id: id,
      message_status: "failed",
      attempts: 1,
    });
  });

  it.each([
    [{}],
    [{ action: "retry" }],
    [{ action: ["resend"] }],
    [{ action: "resend", force: true }],
    [[]],
    [null],
    ["resend"],
  ])("%j is invalid: 400", async (body) => {
    const { resolve, app, id } = await withUnknown();
    const { status, json } = await resolve(body);
    expect([status, json["type"]]).toEqual([400, "/problems/invalid-request"]);
    expect(await (await app.request(`/api/v1/messages/${id}/status`)).json()).toMatchObject({ status: "unknown" });
  });

  it.each([
    ["no-such-message", { action: "resend" }],
    ["..%2f..%2fetc", {}],
    ["%00", {}],
  ])("%s is not a message, whatever the decision: 404", async (messageId, body) => {
    const { resolve } = await withUnknown();
    const { status, json } = await resolve(body, messageId);
    expect([status, json["type"]]).toEqual([404, "/problems/not-found"]);
  });

  it.each([
    ["GET", "/api/v1/messages/some-id/resolve", "POST"],
    ["GET", "/api/v1/admin/history/replay", "POST"],
    ["GET", "/api/v1/admin/callbacks/replay", "POST"],
    ["PUT", "/webhooks/whatsapp", "GET, POST"],
  ])("%s %s: 405, only %s is allowed", async (method, path, allowed) => {
    const answer = await createTestApp().app.request(path, { method });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, allowed]);
  });
});

describe("a message in the queue", () => {
  const command = {
    tenantId: order.tenant_id,
    outletId: order.outlet_id,
    conversationId: order.conversation_id,
    to: order.to,
    content: { type: "text", text: { body: order.message } },
    idempotency: { key: "order-17", body: order },
  } as const;

  it("is answered under its key with 202 and a Location", async () => {
    const { sender, post } = createTestApp();
    const { message } = (await sender.enqueue(command))._unsafeUnwrap();
    const { status, headers, json } = await post(JSON.stringify(order), { "idempotency-key": "order-17" });
    expect(status).toBe(202);
    expect(json).toEqual({ message_id: message.id, status: "queued" });
    expect(headers.get("location")).toBe(`/api/v1/messages/${message.id}/status`);
    expect(headers.get("idempotency-replayed")).toBe("true");
    expect(headers.get("content-type")).toBe("application/json");
  });

  it("shows when its next attempt is due, until it is sent", async () => {
    const { sender, app, ports } = createTestApp();
    const { message } = (await sender.enqueue(command))._unsafeUnwrap();
    const shown = async () => (await app.request(`/api/v1/messages/${message.id}/status`)).json();
    expect(await shown()).toMatchObject({ status: "queued", next_attempt_at: ports.clock.now().toISOString() });
    await ports.clock.runUntil(sender.tick());
    expect(await shown()).toMatchObject({ status: "sent" });
    expect(await shown()).not.toHaveProperty("next_attempt_at");
  });
});

describe("while the store is unavailable", () => {
  it.each([
    ["GET", "/api/v1/messages/m-1", "The message store is unavailable, so the message cannot be looked up."],
    ["GET", "/api/v1/messages/m-1/status", "The message store is unavailable, so the message cannot be looked up."],
    ["GET", "/readyz", "The message store does not accept commits, or the server is shutting down."],
    ["POST", "/api/v1/admin/callbacks/replay", "The message store is unavailable. It is safe to repeat the request."],
    ["POST", "/api/v1/admin/history/replay", "The message store is unavailable. It is safe to repeat the request."],
    [
      "POST",
      "/api/v1/messages/m-1/resolve",
      "The message store or the quota service is unavailable. The message may have been changed: check it before you repeat the request.",
    ],
    ["POST", "/api/v1/messages/send", "A required service is unavailable. This request sent nothing."],
  ])("%s %s explains the consequences", async (method, path, detail) => {
    const { app, ports } = createTestApp();
    const away = () => errAsync({ kind: "Unavailable", reason: "away" } as const);
    Object.assign(ports.messages, { find: away, accept: away });
    Object.assign(ports.outbox, { revive: away });
    Object.assign(ports.health, { check: away });
    const headers = { "content-type": "application/json", "idempotency-key": "k" };
    const body = JSON.stringify(path.endsWith("send") ? order : path.includes("resolve") ? { action: "abandon" } : {});
    const answer = await app.request(path, { method, headers, ...(method === "POST" && { body }) });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ type: "/problems/unavailable", detail });
  });
});
