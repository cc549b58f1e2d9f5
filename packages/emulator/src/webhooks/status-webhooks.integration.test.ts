import { describe, expect, test } from "vitest";

import { openSandbox, sendAccepted } from "../../test/open-sandbox.ts";
import { appSecret, openWebhookReceiver } from "../../test/webhook-receiver.ts";
import type { SandboxOptions } from "../sandbox/sandbox-options.ts";
import { startSandbox } from "../sandbox/sandbox.ts";
import type { WebhookOptions } from "./webhook-options.ts";

const sandboxTo = (url: string, webhooks: WebhookOptions = {}, options: SandboxOptions = {}) =>
  openSandbox({ ...options, webhooks: { url, appSecret, ...webhooks } });

describe("status webhooks", () => {
  test("sent, delivered and read arrive in order, signed over their bytes", async () => {
    const { url, received, statuses } = await openWebhookReceiver();
    const sandbox = await sandboxTo(url);
    const before = Date.now();
    const wamid = await sendAccepted(sandbox, { biz_opaque_callback_data: "ms1:ä/1" });
    await sandbox.webhooks.idle();
    const after = Date.now();
    expect(statuses()).toEqual(["sent", "delivered", "read"]);
    expect(received.map(({ change, signed }) => [change.value.statuses?.[0]?.id, signed])).toEqual(
      received.map(() => [wamid, true]),
    );
    expect(received[0]?.headers["content-type"]).toBe("application/json");
    expect(received[0]?.raw).toContain(String.raw`"biz_opaque_callback_data":"ms1:\u00e4\/1"`);
    expect(received.map(({ change }) => change.value.statuses?.[0])).toMatchObject(
      received.map(() => ({ recipient_id: "628123456", biz_opaque_callback_data: "ms1:ä/1" })),
    );
    const priced = received.filter(({ raw }) => raw.includes("pricing"));
    expect(priced.map(({ change }) => change.value.statuses?.[0]?.status)).toEqual(["sent", "delivered"]);
    expect(sandbox.webhooks.sent).toMatchObject([
      { url, attempt: 1, responseStatus: 200, statuses: [{ wamid, status: "sent" }] },
      { statuses: [{ wamid, status: "delivered" }] },
      { statuses: [{ wamid, status: "read" }] },
    ]);
    expect(sandbox.webhooks.sent[0]?.at).toBeGreaterThanOrEqual(before);
    expect(sandbox.webhooks.sent[0]?.at).toBeLessThanOrEqual(after);
  });

  test("report of a reaction only that it was sent, or that it failed", async () => {
    const { url, statuses } = await openWebhookReceiver();
    const sandbox = await sandboxTo(url);
    const reaction = { type: "reaction", reaction: { message_id: "wamid.A", emoji: "👍" } };
    await sendAccepted(sandbox, reaction);
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent"]);
    sandbox.webhooks.fail(() => true, 131009);
    await sendAccepted(sandbox, reaction);
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "sent", "failed"]);
  });

  test("to a business-scoped user id have no phone number", async () => {
    const { url, received } = await openWebhookReceiver();
    const sandbox = await sandboxTo(url, { statuses: ["sent"] });
    await sendAccepted(sandbox, { to: undefined, recipient: "US.13491208655302741918" });
    await sandbox.webhooks.idle();
    expect(received[0]?.change.value.statuses?.[0]).toMatchObject({ recipient_user_id: "US.13491208655302741918" });
    expect(received[0]?.raw).not.toMatch(/recipient_id|wa_id/);
  });

  test("name the WABA and the number of the sending outlet", async () => {
    const { url, received } = await openWebhookReceiver();
    const outlets = { o1: { waba_access_token: "EAAtoken", phone_number_id: "777", waba_id: "999" } };
    const seeded = await sandboxTo(url, { phoneDisplay: "6221555" }, { tenants: { t1: { outlets } } });
    await sendAccepted(seeded, {}, "777");
    await seeded.webhooks.idle();
    expect(received[0]).toMatchObject({
      wabaId: "999",
      change: { value: { metadata: { display_phone_number: "6221555", phone_number_id: "777" } } },
    });
    const open = await sandboxTo(url);
    const requested = open.tenant.credentialsOf("t1", "o1");
    await sendAccepted(open, {}, requested?.phone_number_id);
    await sendAccepted(open, {}, "123");
    await open.webhooks.idle();
    expect(received[3]?.wabaId).toBe(requested?.waba_id);
    expect(received[6]?.wabaId).toMatch(/^2[0-9]{14}$/);
    expect(received[6]?.change.value.metadata).toMatchObject({
      display_phone_number: expect.stringMatching(/^1555\d{7}$/),
    });
  });

  test("are not sent without a target, nor later for messages that were accepted without one", async () => {
    const { url, statuses } = await openWebhookReceiver();
    const sandbox = await openSandbox({ webhooks: { statuses: ["sent", "read"] } });
    sandbox.webhooks.withhold();
    await sendAccepted(sandbox);
    sandbox.webhooks.target({ url, appSecret });
    sandbox.webhooks.release();
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual([]);
    await sendAccepted(sandbox);
    await sandbox.webhooks.idle();
    sandbox.webhooks.target(undefined);
    await sendAccepted(sandbox);
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "read"]);
  });

  test("an invalid target is rejected", async () => {
    const sandbox = await sandboxTo("http://127.0.0.1:9");
    expect(() => sandbox.webhooks.target({ url: "nowhere", appSecret })).toThrow(/url/);
    expect(() => sandbox.webhooks.duplicate(0)).toThrow();
    await expect(startSandbox({ webhooks: { url: "http://127.0.0.1:9" } })).rejects.toThrow(/appSecret/);
  });

  test("are not sent for a refused message", async () => {
    const { url, statuses } = await openWebhookReceiver();
    const sandbox = await sandboxTo(url);
    sandbox.faults.add({ target: "graph", effect: { graphError: 131056 } });
    await expect(sendAccepted(sandbox)).rejects.toThrow();
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual([]);
  });

  test.each([{ acceptThenLose: "reset" }, { acceptThenLose: "close" }, { truncate: true }] as const)(
    "are sent for a message whose answer is lost: %j",
    async (effect) => {
      const { url, statuses } = await openWebhookReceiver();
      const sandbox = await sandboxTo(url);
      sandbox.faults.add({ target: "graph", effect });
      await expect(sendAccepted(sandbox)).rejects.toThrow();
      await sandbox.webhooks.idle();
      expect(statuses()).toEqual(["sent", "delivered", "read"]);
    },
  );

  test("are delayed, each by its own delay or all by the same", async () => {
    const { url, received, statuses } = await openWebhookReceiver();
    const sandbox = await sandboxTo(url, { delayMs: { delivered: 40, read: 600_000 } });
    const sentAt = performance.now();
    await sendAccepted(sandbox);
    await expect.poll(statuses).toEqual(["sent", "delivered"]);
    expect(received[1]?.at).toBeGreaterThanOrEqual(sentAt + 35);
    await expect
      .poll(async () => (await fetch(`${sandbox.graphUrl}/__emulator/webhooks`)).json())
      .toMatchObject({ url, onTheWay: 1 });
    const even = await sandboxTo(url, { delayMs: 40 });
    const evenAt = performance.now();
    await sendAccepted(even);
    await even.webhooks.idle();
    for (const [index, { at }] of received.slice(2).entries()) {
      expect(at).toBeGreaterThanOrEqual(evenAt + 40 * index + 35);
    }
  });
});
