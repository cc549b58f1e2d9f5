import { expect, test } from "vitest";

import { openSandbox, sendAccepted, sendText } from "../../test/open-sandbox.ts";
import { appSecret, openWebhookReceiver } from "../../test/webhook-receiver.ts";

test("stream events: messages, statuses, webhooks, requests and the reset, as they happen", async () => {
  const { url } = await openWebhookReceiver();
  const sandbox = await openSandbox({ webhooks: { url, appSecret, statuses: ["sent"] } });
  const response = await fetch(`${sandbox.graphUrl}/__emulator/events`);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader.read()).value ?? "";
  const wamid = await sendAccepted(sandbox);
  await sandbox.webhooks.idle();
  sandbox.reset();
  while (!text.includes("event: reset")) text += (await reader.read()).value;
  await reader.cancel();
  const events = [...text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(([, type, data]) => [
    type,
    JSON.parse(data ?? ""),
  ]);
  expect(events.map(([type]) => type)).toEqual(expect.arrayContaining(["message", "status", "webhook", "request"]));
  const dataOf = (wanted: string) => events.find(([type]) => type === wanted)?.[1];
  expect(dataOf("message")).toMatchObject({ id: wamid, status: "accepted" });
  expect(dataOf("status")).toMatchObject({ id: wamid, status: "sent" });
  expect(dataOf("webhook")).toMatchObject({ responseStatus: 200, statuses: [{ wamid }] });
  expect(dataOf("request")).toMatchObject({ service: "graph.messages", status: 200, accessToken: "EAAt…" });
});

test("wait for webhook: one that was sent, and one that comes", async () => {
  const { url } = await openWebhookReceiver();
  const sandbox = await openSandbox({ webhooks: { url, appSecret } });
  const wait = async (query: string) => {
    const response = await fetch(`${sandbox.graphUrl}/__emulator/wait/webhook?${query}`);
    return { status: response.status, body: (await response.json()) as object };
  };
  const coming = wait("status=read&timeoutMs=60000");
  const wamid = await sendAccepted(sandbox);
  expect((await coming).body).toMatchObject({ kind: "status", statuses: [{ wamid, status: "read" }] });
  const sent = await wait(`wamid=${encodeURIComponent(wamid)}&kind=status&responseStatus=200&timeoutMs=0`);
  expect(sent.body).toMatchObject({ statuses: [{ wamid, status: "sent" }] });
  expect(await wait("text=nothing&timeoutMs=1")).toMatchObject({
    status: 408,
    body: { webhooks: [{}, {}, { statuses: [{ status: "read" }] }] },
  });
});

test("requests are listed with their bytes", async () => {
  const sandbox = await openSandbox();
  const raw = '{"messaging_product": "whatsapp",  "to": "+628123456", "text": {"body": "Häben 😀"}}';
  await sendText(sandbox);
  await fetch(`${sandbox.graphUrl}/v25.0/123/messages`, { method: "POST", body: raw });
  const response = await fetch(`${sandbox.graphUrl}/__emulator/requests?limit=1`);
  expect(await response.json()).toMatchObject({ graph: [{ rawBody: raw, status: 401 }] });
});
