import { expect, it } from "vitest";

import { metaExamples } from "./published-examples.ts";
import { order, outlet, startService, tenant } from "../../support/running-service.ts";

const examples = metaExamples("message-response-examples");
const sent = examples.filter(({ body }) => body["messages"] !== undefined);
const read = examples.filter(({ body }) => body["success"] === true);

/** A server whose WhatsApp gives this answer. */
async function answeredWith(body: string) {
  const service = await startService();
  service.sandbox.faults.add({ target: "graph", effect: { status: 200, body } });
  return service;
}

it("Meta publishes 44 examples of an answer", () => {
  expect([sent.length, read.length, examples.length]).toEqual([43, 1, 44]);
});

it.each(sent)("$name is understood as the answer to a send", async ({ raw }) => {
  const { messages, contacts } = JSON.parse(raw) as {
    messages: [{ id: string }];
    contacts: [{ wa_id: string }];
  };
  const [{ wa_id }] = contacts;
  const { send, sandbox } = await answeredWith(raw);
  const answer = await send(order);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    message_id: expect.any(String),
    whatsapp_message_id: messages[0].id,
    status: "sent",
    sent_at: expect.any(String),
    // Meta's "48XXXXXXXXX " ends in a space, so it is not a valid id.
    ...(!wa_id.endsWith(" ") && { wa_id }),
  });
  expect(sandbox.graph.requests).toHaveLength(1);
});

it.each(read)("$name is understood as the answer to a read receipt", async ({ raw }) => {
  const { post, sandbox } = await answeredWith(raw);
  const receipt = { tenant_id: tenant, outlet_id: outlet, whatsapp_message_id: "wamid.HBgLM", typing: true };
  const answer = await post("/api/v1/messages/read", receipt);
  expect([answer.status, answer.body]).toEqual([200, { success: true }]);
  expect(sandbox.graph.requests).toHaveLength(1);
});
