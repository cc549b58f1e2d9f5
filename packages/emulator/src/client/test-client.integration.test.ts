import { describe, expect, test } from "vitest";

import { buttons } from "../../test/control-client.ts";
import { openSandbox, sendAccepted } from "../../test/open-sandbox.ts";
import { appSecret, openWebhookReceiver } from "../../test/webhook-receiver.ts";
import "../vitest.ts";
import { connectSandbox } from "./connect-sandbox.ts";
import type { SandboxClient } from "./sandbox-client.ts";

const phone = "+62 812-3456";

/** A sandbox, and a client of it that knows nothing but its URL. */
async function opened() {
  const { url } = await openWebhookReceiver();
  const sandbox = await openSandbox({ webhooks: { url, appSecret, statuses: ["sent"] } });
  return { sandbox, remote: await connectSandbox(`${sandbox.tenantUrl}/`) };
}

describe.each(["here", "elsewhere"] as const)("a sandbox %s", (where) => {
  async function open() {
    const { sandbox, remote } = await opened();
    const client: SandboxClient = where === "here" ? sandbox : remote;
    return { client, send: (change?: object) => sendAccepted(sandbox, change) };
  }

  test("waits for messages, each of which it gives once", async () => {
    const { client, send } = await open();
    const waiting = client.waitForMessage({ to: phone, text: /READY/i }, { timeoutMs: 60_000 });
    await send();
    const ready = await send({ text: { body: "It is ready." } });
    expect(await waiting).toMatchObject({ id: ready, text: "It is ready.", customer: "628123456" });
    expect(await client.waitForMessage({ text: "Hello" }, { consume: false })).toMatchObject({ text: "Hello!" });
    expect(await client.waitForMessage()).toMatchObject({ text: "Hello!" });
    await expect(client.waitForMessage({ text: "ready", to: phone }, { timeoutMs: 0 })).rejects.toThrow(
      `No message with text "ready" and to "${phone}" within 0 ms. The latest are:\n  to 628123456: text "Hello!"`,
    );
  });

  test("acts as a customer", async () => {
    const { client, send } = await open();
    const customer = client.customer(phone, { phoneNumberId: "123", profileName: "Ana" });
    const said = await customer.says("Hi");
    expect(said).toMatchObject({ message: { text: "Hi", profileName: "Ana" }, webhook: { id: /./ } });
    const id = await send(buttons);
    expect((await customer.presses("Yes")).message?.content).toMatchObject({ interactive: { type: "button_reply" } });
    expect((await customer.reacts("👍", { id })).message?.text).toBe("👍");
    expect((await customer.sendsFile("image", { caption: "This" })).message?.type).toBe("image");
    expect((await customer.submits({ day: 1 })).message?.type).toBe("interactive");
    expect(await customer.reads()).toMatchObject([{ id, status: "read" }]);
    expect((await customer.stopsMarketing()).webhook.payload).toMatchObject({ entry: [{}] });
    expect((await customer.resumesMarketing()).message).toBeUndefined();
    expect((await customer.changesNumber("+62 899")).message?.type).toBe("system");
    expect(await client.messages({ direction: "in", type: "image" })).toHaveLength(1);
    await expect(customer.chooses("Maybe")).rejects.toThrow(/Not possible: No message to .* has a row "Maybe"/);
  });

  test("settles messages, waits for webhooks and sends them again", async () => {
    const { client, send } = await open();
    const wamid = await send();
    const sent = await client.waitForWebhook({ wamid, status: "sent" }, { timeoutMs: 60_000 });
    await client.settle({ id: wamid }, "failed", { errorCode: 131049 });
    const failed = await client.waitForWebhook({ status: "failed" }, { timeoutMs: 60_000 });
    expect(failed.body).toContain("131049");
    await client.redeliver(sent);
    await expect(client.redeliver("webhook-99")).rejects.toThrow("Unknown webhook");
    await expect(client.waitForWebhook({ kind: "raw" }, { timeoutMs: 0 })).rejects.toThrow(
      /^No webhook with kind "raw" within 0 ms\. The latest are:\n {2}status sent to http.*: 200/,
    );
  });

  test("makes requests fail, sets limits, advances the clock, and is reset", async () => {
    const { client, send } = await open();
    const fault = await client.faults.add({ target: "graph", effect: { graphError: 4 } });
    await fault.remove();
    await client.faults.clear();
    await client.webhooks.withhold();
    await client.webhooks.release();
    await client.webhooks.duplicate(1);
    await client.webhooks.reorder(false);
    await client.webhooks.configure({ statuses: [] });
    await client.graph.setLimits({});
    await client.graph.setTemplates([]);
    const before = await client.clock.now();
    await client.clock.advance(86_400_000);
    expect((await client.clock.now()) - before).toBeGreaterThanOrEqual(86_400_000);
    const id = await client.webhooks.inbound({ phoneNumberId: "123", from: phone, text: "Hi" });
    expect(await client.messages({ direction: "in" })).toMatchObject([{ id }]);
    await client.webhooks.preference({ phoneNumberId: "123", from: phone, value: "stop" });
    await client.webhooks.errors({ phoneNumberId: "123", errors: [{ code: 1 }] });
    await client.webhooks.raw({ wabaId: "9", field: "account_update", value: {} });
    await send();
    await client.reset();
    expect(await client.messages()).toEqual([]);
  });

  test("has matchers for Vitest", async () => {
    const { client, send } = await open();
    await expect(client).not.toHaveSentMessage({ to: phone });
    await send();
    await expect(client).toHaveSentMessage({ to: phone, text: "Hello" });
    await expect(client).toHaveSentMessage({ to: phone, text: "Hello" });
    await expect(client).toHaveSentWebhook({ status: "sent", responseStatus: 200 }, { timeoutMs: 60_000 });
    await expect(client).not.toHaveSentWebhook({ kind: "raw" });
    const missing = expect(client).toHaveSentMessage({ text: "ready" }, { timeoutMs: 0 });
    await expect(missing).rejects.toThrow(/No message with text "ready" within 0 ms\. The latest are/);
    const unwanted = expect(client).not.toHaveSentMessage({ to: phone });
    await expect(unwanted).rejects.toThrow(/Unexpected message with to .*\. The latest are:\n {2}to 628123456/);
    await expect(expect(client).toHaveSentWebhook({ kind: "raw" }, { timeoutMs: 0 })).rejects.toThrow(/No webhook/);
    await expect(expect(client).not.toHaveSentWebhook({ kind: "status" })).rejects.toThrow(/Unexpected webhook/);
  });
});

test("there is nothing to connect to", async () => {
  await expect(connectSandbox("http://127.0.0.1:1")).rejects.toThrow("fetch failed");
});
