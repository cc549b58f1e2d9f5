import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { describe, expect, test } from "vitest";

import { openSandbox, sendAccepted } from "../../test/open-sandbox.ts";
import { appSecret, openWebhookReceiver } from "../../test/webhook-receiver.ts";
import type { WebhookOptions } from "./webhook-options.ts";

/** Nobody listens here. */
const nowhere = "http://127.0.0.1:1/";

const sandboxTo = (url: string, webhooks: WebhookOptions = {}) =>
  openSandbox({ webhooks: { url, appSecret, ...webhooks } });

describe("retries", () => {
  test("come at once, with the same bytes, before the following webhooks", async () => {
    const { url, received, statuses } = await openWebhookReceiver((response, count) =>
      response.writeHead(count === 1 ? 503 : 200).end(),
    );
    const sandbox = await sandboxTo(url);
    await sendAccepted(sandbox);
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "sent", "delivered", "read"]);
    expect(received[1]?.raw).toBe(received[0]?.raw);
    expect(sandbox.webhooks.sent).toMatchObject([{ attempt: 1, responseStatus: 503 }, { attempt: 2 }, {}, {}]);
  });

  test("follow any status but 200, then pause while others are sent, and end", async () => {
    const { url, statuses } = await openWebhookReceiver((response, count) =>
      response.writeHead(count < 3 ? 204 : 200).end(),
    );
    const sandbox = await sandboxTo(url, { retryPausesMs: [0, 30] });
    await sendAccepted(sandbox);
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "sent", "delivered", "read", "sent"]);
    const refusing = await openWebhookReceiver((response) => response.writeHead(500).end());
    sandbox.webhooks.target({ url: refusing.url, appSecret });
    await sendAccepted(sandbox);
    await sandbox.webhooks.idle();
    expect(refusing.received).toHaveLength(9);
    expect(sandbox.webhooks.sent.at(-1)).toMatchObject({ attempt: 3, responseStatus: 500 });
  });

  async function sentTo(url: string, timeoutMs?: number) {
    const sandbox = await sandboxTo(url, {
      statuses: ["sent"],
      retryPausesMs: [0],
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
    await sendAccepted(sandbox);
    await sandbox.webhooks.idle();
    return sandbox.webhooks.sent;
  }

  test("follow a connection that is closed, or refused", async () => {
    const closing = await openWebhookReceiver((response) => response.destroy());
    const sent = [...(await sentTo(closing.url)), ...(await sentTo(nowhere))];
    expect(closing.received).toHaveLength(2);
    expect(sent.map(({ attempt }) => attempt)).toEqual([1, 2, 1, 2]);
    for (const record of sent) {
      expect(record.error).toBeTruthy();
      expect(record).not.toHaveProperty("responseStatus");
    }
  });

  test("follow silence", async () => {
    const silent = await openWebhookReceiver(() => undefined);
    const sent = await sentTo(silent.url, 50);
    expect(sent).toMatchObject([1, 2].map((attempt) => ({ attempt, error: "no answer within 50 ms" })));
    for (const record of sent) expect(record).not.toHaveProperty("responseStatus");
  });

  test("go to the current target", async () => {
    const next = await openWebhookReceiver();
    const first = await openWebhookReceiver((response, count) => {
      if (count === 3) sandbox.webhooks.target({ url: next.url, appSecret });
      response.writeHead(500).end();
    });
    const sandbox = await sandboxTo(first.url, { retryPausesMs: [1] });
    await sendAccepted(sandbox);
    await sandbox.webhooks.idle();
    expect(first.statuses()).toEqual(["sent", "delivered", "read"]);
    expect(next.statuses()).toEqual(["sent", "delivered", "read"]);
  });
});

test("the log keeps the newest requests", async () => {
  const { url } = await openWebhookReceiver();
  const sandbox = await openSandbox({ webhooks: { url, appSecret }, keep: 2 });
  await sendAccepted(sandbox);
  await sandbox.webhooks.idle();
  expect(sandbox.webhooks.sent.map(({ statuses }) => statuses[0]?.status)).toEqual(["delivered", "read"]);
});

describe("ending", () => {
  /** Has one webhook in flight, one delayed, one to be retried and one withheld. */
  async function openBusySandbox() {
    const { url, received, statuses } = await openWebhookReceiver((response, count) => {
      if (count === 1) response.writeHead(500).end();
    });
    const sandbox = await sandboxTo(url, {
      delayMs: { read: 600_000 },
      retryPausesMs: [600_000],
      timeoutMs: 600_000,
    });
    await sendAccepted(sandbox);
    await expect.poll(() => received.length).toBe(2);
    sandbox.webhooks.withhold();
    await sendAccepted(sandbox);
    return { sandbox, statuses };
  }

  test("reset drops what is pending and turns everything off; the target stays", async () => {
    const { sandbox, statuses } = await openBusySandbox();
    sandbox.webhooks.fail(() => true, 131026);
    sandbox.webhooks.duplicate(3);
    sandbox.webhooks.reorder(true);
    const idle = sandbox.webhooks.idle();
    sandbox.reset();
    await idle;
    expect(sandbox.webhooks.sent).toEqual([]);
    const next = await openWebhookReceiver();
    sandbox.webhooks.target({ url: next.url, appSecret });
    sandbox.reset();
    await sendAccepted(sandbox);
    await expect.poll(next.statuses).toEqual(["sent", "delivered"]);
    expect(statuses()).toEqual(["sent", "delivered"]);
  });

  test("close ends all sending", async () => {
    const { sandbox, statuses } = await openBusySandbox();
    const idle = sandbox.webhooks.idle();
    await sandbox.close();
    await idle;
    sandbox.webhooks.release();
    await sandbox.webhooks.idle();
    expect(statuses()).toEqual(["sent", "delivered"]);
  });

  test("after a close, nothing that was pending keeps the process alive", async () => {
    const silent = await openWebhookReceiver(() => undefined);
    const script = `
      import { startSandbox } from "../sandbox/sandbox.ts";
      const slow = { delayMs: { read: 600_000 }, retryPausesMs: [600_000], timeoutMs: 600_000 };
      const sandbox = await startSandbox({
        webhooks: { url: process.argv[1], appSecret: "s", concurrency: 2, ...slow },
      });
      const send = () => fetch(sandbox.graphUrl + "/v25.0/1/messages", {
        method: "POST",
        headers: { authorization: "Bearer EAA" },
        body: JSON.stringify({ messaging_product: "whatsapp", to: "+62", text: { body: "Hello!" } }),
      });
      await (await send()).text();
      sandbox.webhooks.target({ url: "${nowhere}", appSecret: "s" });
      await (await send()).text();
      console.log((await (await fetch(sandbox.graphUrl + "/__emulator/webhooks")).json()).onTheWay);
      await sandbox.close();`;
    const run = promisify(execFile)(process.execPath, ["--input-type=module", "-e", script, silent.url], {
      cwd: import.meta.dirname,
    });
    expect(await run).toEqual({ stdout: "6\n", stderr: "" });
  });
});
