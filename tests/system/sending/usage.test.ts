import { signWebhook } from "@message-sender/emulator";
import { expect, it } from "vitest";

import { order, startService, tenant } from "../../support/running-service.ts";

const secret = "app-secret-of-the-test";

it("counts what was sent by day, type, status and pricing, as webhooks report it", async () => {
  const { sandbox, url, send, get } = await startService({
    environment: { WHATSAPP_APP_SECRET: secret, WHATSAPP_VERIFY_TOKEN: "verify" },
  });
  const message = { name: "order_ready", language: { code: "en" } };
  const templates = [await send({ ...order, message_type: "template", message }), await send(order)];
  expect(templates.map(({ status }) => status)).toEqual([200, 200]);
  await report("delivered", { billable: true, pricing_model: "PMP", category: "utility", type: "regular" });
  const day = new Date().toISOString().slice(0, 10);
  const kind = { day, messages: 1, billable: 0 };
  const answer = await get(`/api/v1/usage?tenant_id=${tenant}`);
  expect(answer).toMatchObject({
    status: 200,
    body: {
      messages: 2,
      billable: 1,
      counts: [
        { ...kind, message_type: "template", status: "delivered", pricing_category: "utility", billable: 1 },
        { ...kind, message_type: "text", status: "sent", pricing_category: null },
      ],
    },
  });
  await report("read");
  expect((await get("/api/v1/usage")).body).toMatchObject({
    messages: 2,
    billable: 1,
    counts: [{ message_type: "template", status: "read", pricing_category: "utility" }, {}],
  });

  /** A status webhook about the template. */
  async function report(status: string, pricing?: object): Promise<void> {
    const template = sandbox.graph.messages.find(({ type }) => type === "template");
    const statuses = [
      {
        id: template?.wamid,
        status,
        timestamp: "1763719205",
        ...(pricing && { pricing }),
        recipient_id: "628123456789",
      },
    ];
    const value = { metadata: { phone_number_id: template?.phoneNumberId }, statuses };
    const entry = [{ id: "1", changes: [{ field: "messages", value }] }];
    const body = JSON.stringify({ object: "whatsapp_business_account", entry });
    const headers = { "x-hub-signature-256": signWebhook(body, secret) };
    expect((await fetch(`${url}/webhooks/whatsapp`, { method: "POST", body, headers })).status).toBe(200);
  }
});
