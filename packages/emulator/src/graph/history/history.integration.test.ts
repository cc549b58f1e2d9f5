import { expect, test } from "vitest";

import { openSandbox, sendAccepted } from "../../../test/open-sandbox.ts";
import { appSecret, openWebhookReceiver } from "../../../test/webhook-receiver.ts";

interface Listed {
  readonly data: readonly {
    readonly id: string;
    readonly message_id: string;
    readonly events: { readonly data: readonly object[] };
  }[];
}

async function withMessages() {
  const { url } = await openWebhookReceiver();
  const sandbox = await openSandbox({ webhooks: { url, appSecret } });
  const read = async (path: string) => {
    const headers = { authorization: "Bearer EAAtoken" };
    return (await fetch(`${sandbox.graphUrl}/v25.0/${path}`, { headers })).json();
  };
  const wamids = [await sendAccepted(sandbox), await sendAccepted(sandbox), await sendAccepted(sandbox, {}, "456")];
  await sandbox.webhooks.idle();
  return { sandbox, read, wamids };
}

test("message history: the messages of a number, with the statuses that webhooks reported", async () => {
  const { read, wamids, sandbox } = await withMessages();
  const { data } = (await read("123/message_history")) as Listed;
  expect(data.map((one) => one.message_id)).toEqual(wamids.slice(0, 2));
  const event = { webhook_update_state: "DELIVERED", webhook_uri: expect.stringContaining("/webhooks/whatsapp") };
  expect(data[0]?.events.data).toEqual(
    ["SENT", "DELIVERED", "READ"].map((status) => expect.objectContaining({ ...event, delivery_status: status })),
  );
  const one = (await read(`123/message_history?message_id=${encodeURIComponent(wamids[1] ?? "")}`)) as Listed;
  expect(one.data).toMatchObject([{ id: data[1]?.id, message_id: wamids[1] }]);
  expect(await read(`456/message_history?message_id=${encodeURIComponent(wamids[1] ?? "")}`)).toMatchObject({
    error: { code: 100 },
  });
  sandbox.reset();
  expect(await read("123/message_history")).toEqual({ data: [] });
});

test("events of a message, of some statuses, in pages", async () => {
  const { read } = await withMessages();
  const { data } = (await read("123/message_history")) as Listed;
  const statuses = async (query = "") => {
    const answer = (await read(`${data[0]?.id}/events${query}`)) as { data: { node: { delivery_status: string } }[] };
    return answer.data.map(({ node }) => node.delivery_status);
  };
  expect(await statuses()).toEqual(["SENT", "DELIVERED", "READ"]);
  expect(await statuses("?status_filter=DELIVERED")).toEqual(["DELIVERED"]);
  expect(await statuses("?limit=2")).toEqual(["SENT", "DELIVERED"]);
  expect(await read("1/events")).toMatchObject({ error: { code: 100, error_subcode: 33 } });
});

test("the review of a template and the creation of a group are told by webhooks", async () => {
  const { url, received } = await openWebhookReceiver();
  const sandbox = await openSandbox({ webhooks: { url, appSecret }, templateReview: "wait" });
  const post = async (path: string, body: object) => {
    const headers = { authorization: "Bearer EAAtoken", "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return (await (await fetch(`${sandbox.graphUrl}/v25.0/${path}`, init)).json()) as {
      id: string;
      request_id: string;
    };
  };
  const template = { name: "sale", language: "en", category: "MARKETING", components: [{ type: "BODY", text: "Hi" }] };
  const { id } = await post("90/message_templates", template);
  sandbox.graph.reviewTemplate(id, "rejected", "PROMOTIONAL");
  const { request_id: request } = await post("11/groups", { messaging_product: "whatsapp", subject: "Friends" });
  await sandbox.webhooks.idle();
  expect(received.map(({ change, signed }) => [signed, change.field, change.value])).toMatchObject([
    [
      true,
      "message_template_status_update",
      { event: "REJECTED", message_template_name: "sale", reason: "PROMOTIONAL" },
    ],
    [true, "group_lifecycle_update", { groups: [{ type: "group_create", request_id: request, subject: "Friends" }] }],
  ]);
  expect(() => sandbox.graph.reviewTemplate("1", "approved")).toThrow("there is no template 1");
});
