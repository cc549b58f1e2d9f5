import { createHmac, randomBytes } from "node:crypto";

import { request } from "undici";
import { expect, it } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { startService } from "../../support/running-service.ts";

const appSecret = "app-secret-of-the-test";

/** A customer's message, with a number that no double represents. */
const written = (id: string) =>
  `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"106540352242922"},"messages":[{"id":"${id}","n":12345678901234567890}]}}]}]}`;

async function withWebhooks(environment: Record<string, string> = {}) {
  const { url } = await startService({
    environment: { WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: "verify", ...environment },
  });
  const receive = async (body: string) => {
    const signature = `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
    const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
    const answer = await request(`${url}/webhooks/whatsapp`, { method: "POST", body, headers });
    expect(await answer.body.json()).toMatchObject({ kept: 1 });
  };
  const webhooks = (...args: string[]) => runInProcess(["webhooks", ...args], { MESSAGE_SENDER_URL: url });
  return { receive, webhooks };
}

it("webhooks list shows those that were kept, page by page, and loses no digit of them", async () => {
  const { receive, webhooks } = await withWebhooks();
  expect(await webhooks("list")).toEqual({
    stdout: "",
    stderr: "No webhooks.\n",
  });
  for (const id of ["wamid.1", "wamid.2"]) await receive(written(id));
  const lines = (await webhooks("list")).stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^received +field +phone number id +account +id$/);
  expect(lines[1]).toMatch(/^20\S+Z  messages  106540352242922  1 +\S+$/);
  expect(lines).toHaveLength(3);

  const first = await webhooks("list", "--limit", "1", "--json");
  expect(first.stdout).toContain('"n": 12345678901234567890');
  const { next_cursor: cursor } = JSON.parse(first.stdout) as { next_cursor: string };
  expect((await webhooks("list", "--limit", "1")).stderr).toMatch(/ --cursor \S+\n$/);
  const next = JSON.parse((await webhooks("list", "--json", "--cursor", cursor)).stdout) as Record<string, unknown>;
  expect(next).toMatchObject({ webhooks: [{ field: "messages" }], next_cursor: null });
  const none = await webhooks("list", "--phone-number-id", "2", "--since", "2026-01-01", "--json");
  expect(JSON.parse(none.stdout)).toEqual({ webhooks: [], next_cursor: null });
});

it("webhooks forward queues those that were kept", async () => {
  const { receive, webhooks } = await withWebhooks({
    WEBHOOK_FORWARD_URL: "http://127.0.0.1:9/hooks",
    CALLBACK_SECRET: randomBytes(32).toString("base64"),
  });
  await receive(written("wamid.1"));
  const forwarded = await webhooks("forward", "--phone-number-id", "106540352242922", "--json");
  expect(JSON.parse(forwarded.stdout)).toEqual({ matched: 1, queued: expect.any(Number) });
  const again = await webhooks("forward", "--again", "--until", "2026-01-01");
  expect(JSON.parse(again.stdout)).toEqual({ matched: 0, queued: 0 });
});

it("webhooks forward says why it cannot", async () => {
  const { webhooks } = await withWebhooks();
  const failed = await webhooks("forward").catch((error: { code: number; stderr: string }) => error);
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("WEBHOOK_FORWARD_URL") });
});
