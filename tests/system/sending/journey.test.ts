import { describe, expect, it } from "vitest";

import { conversation, order, outlet, startService, tenant, until } from "../../support/running-service.ts";

const credentials = { waba_access_token: "EAAjourneyToken", phone_number_id: "106540352242922" };
const seeded = { tenants: { [tenant]: { quota: { limit: 10 }, outlets: { [outlet]: credentials } } } };

describe("the journey of a text message", () => {
  it("answers with the message id, WhatsApp's id and the time of sending", async () => {
    const { send } = await startService({ sandbox: seeded });
    const { status, headers, body } = await send();
    expect(status).toBe(200);
    expect(headers["content-type"]).toMatch("application/json");
    expect(body).toEqual({
      message_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/),
      whatsapp_message_id: expect.stringMatching(/^wamid\./),
      status: "sent",
      sent_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
      wa_id: "628123456789",
    });
  });

  it("reaches Graph with the outlet's token and exactly the fields that Meta requires", async () => {
    const { send, sandbox } = await startService({ sandbox: seeded });
    const { body } = await send();
    expect(sandbox.graph.requests).toHaveLength(1);
    expect(sandbox.graph.requests[0]).toMatchObject({
      method: "POST",
      path: "/v25.0/106540352242922/messages",
      accessToken: "EAAjourneyToken",
    });
    expect(sandbox.graph.requests[0]?.body).toEqual({
      messaging_product: "whatsapp",
      recipient_type: "individual",
      to: "+628123456789",
      type: "text",
      text: { body: "Hello! Your order is ready." },
      biz_opaque_callback_data: `ms1:${String(body["message_id"])}:1`,
    });
  });

  it("reaches the Conversation Service once, with an Idempotency-Key and the caller's trace", async () => {
    const { send, sandbox, close } = await startService({ sandbox: seeded });
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const { body, headers } = await send({ ...order, reference: "order-17" }, { traceparent, "x-request-id": "r-17" });
    expect(headers).toMatchObject({ traceparent, "x-request-id": "r-17" });
    expect(body["reference"]).toBe("order-17");
    await close();
    expect(sandbox.conversation.requests).toHaveLength(1);
    const [told] = sandbox.conversation.requests;
    expect(told).toMatchObject({ conversationId: conversation, idempotencyKey: body["message_id"], status: 201 });
    expect(told?.headers["traceparent"]).toBe(traceparent);
    expect(told?.body).toEqual({
      message_id: body["message_id"],
      version: expect.any(Number),
      tenant_id: tenant,
      outlet_id: outlet,
      direction: "outbound",
      to: "+628123456789",
      message_type: "text",
      message: "Hello! Your order is ready.",
      whatsapp_message_id: body["whatsapp_message_id"],
      status: "sent",
      sent_at: body["sent_at"],
    });
  });

  it("does not wait for a Conversation Service that hangs", async () => {
    const { send, sandbox } = await startService({ sandbox: seeded });
    sandbox.faults.add({ target: "conversation", effect: { hang: true } });
    expect((await send()).status).toBe(200);
    await until(() => sandbox.conversation.requests.length === 1);
    expect((await send()).status).toBe(200);
    expect(sandbox.conversation.requests[0]?.endedAt).toBeUndefined();
  });

  it("delivers the entry to a Conversation Service that fails twice", async () => {
    const { send, sandbox } = await startService({ sandbox: seeded });
    sandbox.faults.add({ target: "conversation", trigger: { next: 2 }, effect: { status: 503 } });
    const { body } = await send();
    await until(() => sandbox.conversation.messages.length === 1);
    const requests = sandbox.conversation.requests;
    expect(requests.map(({ status }) => status)).toEqual([503, 503, 201]);
    expect(new Set(requests.map(({ idempotencyKey }) => idempotencyKey))).toEqual(new Set([body["message_id"]]));
    const [first, second, third] = requests.map(({ at }) => at);
    expect(Number(second) - Number(first)).toBeGreaterThanOrEqual(1000);
    expect(Number(third) - Number(second)).toBeGreaterThanOrEqual(5000);
  });

  it("shows the message and its status afterwards", async () => {
    const { send, get } = await startService({ sandbox: seeded });
    const { body } = await send({ ...order, reference: "order-18" });
    const id = String(body["message_id"]);
    expect((await get(`/api/v1/messages/${id}/status`)).body).toEqual({
      status: "sent",
      queued_at: expect.any(String),
      sent_at: body["sent_at"],
      version: expect.any(Number),
    });
    expect((await get(`/api/v1/messages/${id}`)).body).toMatchObject({
      ...order,
      message_id: id,
      reference: "order-18",
      status: "sent",
      whatsapp_message_ids: [body["whatsapp_message_id"]],
      attempts: [{ number: 1, outcome: "accepted", decision: "done", reason: expect.any(String) }],
    });
    expect((await get("/api/v1/messages/no-such-message/status")).status).toBe(404);
  });
});
