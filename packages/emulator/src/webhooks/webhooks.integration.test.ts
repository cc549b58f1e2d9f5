import { describe, expect, test } from "vitest";

import { openSandbox, sendAccepted } from "../../test/open-sandbox.ts";
import { appSecret, openWebhookReceiver } from "../../test/webhook-receiver.ts";
import type { WebhookOptions } from "./webhook-options.ts";

const sandboxTo = (url: string, webhooks: WebhookOptions = {}) =>
  openSandbox({ webhooks: { url, appSecret, ...webhooks } });

describe("withhold", () => {
  test("holds webhooks back until the release", async () => {
    const { url, statuses } = await openWebhookReceiver();
    const sandbox = await sandboxTo(url);
    sandbox.webhooks.withhold();
    await sendAccepted(sandbox);
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual([]);
    sandbox.webhooks.release();
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "delivered", "read"]);
  });

  test("holds back what waits behind a slow request", async () => {
    const answers: (() => void)[] = [];
    const { url, statuses } = await openWebhookReceiver((response) => answers.push(() => response.end()));
    const sandbox = await sandboxTo(url);
    await sendAccepted(sandbox);
    await expect.poll(statuses).toEqual(["sent"]);
    sandbox.webhooks.withhold();
    answers[0]?.();
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent"]);
  });
});

test("duplicates follow each other; reordered webhooks arrive in another order", async () => {
  const { url, received, statuses } = await openWebhookReceiver();
  const sandbox = await sandboxTo(url);
  sandbox.webhooks.duplicate(2);
  await sendAccepted(sandbox);
  await sandbox.webhooks.idle();
  expect(statuses()).toEqual(["sent", "sent", "delivered", "delivered", "read", "read"]);
  expect(received[1]?.raw).toBe(received[0]?.raw);
  sandbox.webhooks.duplicate(1);
  sandbox.webhooks.reorder(true);
  sandbox.webhooks.withhold();
  await sendAccepted(sandbox);
  sandbox.webhooks.release();
  await sandbox.webhooks.idle();
  const reordered = statuses().slice(6);
  expect(reordered).not.toEqual(["sent", "delivered", "read"]);
  expect(reordered.toSorted()).toEqual(["delivered", "read", "sent"]);
});

describe("fail", () => {
  test("reports failed once instead of delivered and read", async () => {
    const { url, received, statuses } = await openWebhookReceiver();
    const sandbox = await sandboxTo(url);
    sandbox.webhooks.fail(({ waId }) => waId === "628123456", 131026);
    await sendAccepted(sandbox);
    await sendAccepted(sandbox, { to: "+4912" });
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "failed", "sent", "delivered", "read"]);
    expect(received[1]?.change.value.statuses?.[0]?.["errors"]).toMatchObject([{ code: 131026 }]);
  });

  test("by wamid, given while it is withheld, with no outcome configured", async () => {
    const { url, statuses } = await openWebhookReceiver();
    const sandbox = await sandboxTo(url, { statuses: ["sent"] });
    sandbox.webhooks.withhold();
    sandbox.webhooks.duplicate(2);
    const [first] = [await sendAccepted(sandbox), await sendAccepted(sandbox)];
    sandbox.webhooks.fail(first, 131049, "Not today.");
    sandbox.webhooks.release();
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "sent", "failed", "failed", "sent", "sent"]);
  });

  test("over HTTP, with a target and withhold", async () => {
    const { url, statuses } = await openWebhookReceiver();
    const sandbox = await openSandbox();
    const fail = [{ match: { to: "628123456" }, errorCode: 131026 }];
    const put = (settings: object) =>
      fetch(`${sandbox.tenantUrl}/__emulator/webhooks`, { method: "PUT", body: JSON.stringify(settings) });
    await put({ url, appSecret, fail, withhold: true });
    await sendAccepted(sandbox);
    await put({ withhold: false });
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "failed"]);
  });
});
