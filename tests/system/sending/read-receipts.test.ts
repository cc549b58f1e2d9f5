import { expect, it } from "vitest";

import { order, startService } from "../../support/running-service.ts";

const path = "/api/v1/messages/read";
const { tenant_id, outlet_id } = order;
const receipt = { tenant_id, outlet_id, whatsapp_message_id: "wamid.HBgNNjI4MTIzNDU2Nzg5FQIAEhgU" };

it("marks a message as read and shows the typing indicator, through the whole server", async () => {
  const { post, sandbox } = await startService();
  expect(await post(path, receipt)).toMatchObject({ status: 200, body: { success: true } });
  expect(await post(path, { ...receipt, typing: true })).toMatchObject({ status: 200, body: { success: true } });
  const message_id = receipt.whatsapp_message_id;
  expect(sandbox.graph.requests.map(({ body }) => body)).toEqual([
    { messaging_product: "whatsapp", status: "read", message_id },
    { messaging_product: "whatsapp", status: "read", message_id, typing_indicator: { type: "text" } },
  ]);
});

it("retries a temporary error, and does not retry a final one", async () => {
  const { post, sandbox } = await startService({ environment: { RETRY_SCHEDULE_MS: "0,1,1,1" } });
  sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { reset: "after" } });
  sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { status: 503 } });
  expect((await post(path, receipt)).status).toBe(200);
  expect(sandbox.graph.requests).toHaveLength(3);
  sandbox.faults.add({ target: "graph", effect: { graphError: 131009 } });
  expect(await post(path, receipt)).toMatchObject({ status: 422, body: { whatsapp_error: { code: 131009 } } });
  expect(sandbox.graph.requests).toHaveLength(4);
});

it("reports an unknown outcome if no answer came", async () => {
  const { post, sandbox } = await startService({ environment: { RETRY_SCHEDULE_MS: "0,1" } });
  sandbox.faults.add({ target: "graph", effect: { reset: "after" } });
  expect(await post(path, receipt)).toMatchObject({ status: 504, body: { type: "/problems/outcome-unknown" } });
});
