import { describe, expect, test } from "vitest";

import { openGraph } from "../../test/graph-client.ts";

const read = { messaging_product: "whatsapp", status: "read", message_id: "wamid.HBgLMTY1" };

describe("mark as read, typing", () => {
  test("is answered with success, and kept", async () => {
    const { post, graph } = openGraph();
    expect(await post(read)).toMatchObject({ status: 200, body: { success: true } });
    await post({ ...read, typing_indicator: { type: "text" } });
    expect(graph.receipts.entries()).toMatchObject([
      { phoneNumberId: "123", messageId: read.message_id, typing: false },
      { messageId: read.message_id, typing: true },
    ]);
    expect([graph.accepted.count, graph.log.count]).toEqual([0, 2]);
  });

  test.each([
    [100, { status: "delivered" }],
    [131008, { message_id: undefined }],
    [131008, { typing_indicator: {} }],
    [100, { typing_indicator: { type: "voice" } }],
    [100, { messaging_product: "telegram" }],
  ])("%i for %j", async (code, change) => {
    const { post, graph } = openGraph();
    expect((await post({ ...read, ...change })).body.error.code).toBe(code);
    expect(graph.receipts.count).toBe(0);
  });

  test("when strict, only for a message that the number received", async () => {
    const { post, webhooks } = openGraph({ strict: { receipts: true } });
    expect((await post(read)).body.error.code).toBe(131009);
    const id = webhooks.inbound({ phoneNumberId: "123", from: "628123456", text: "Hi" });
    expect((await post({ ...read, message_id: id })).status).toBe(200);
    expect((await post({ ...read, message_id: id }, { number: "456" })).body.error.code).toBe(131009);
  });
});
