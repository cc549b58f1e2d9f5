import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type SandboxOptions, startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";

import { outlet, tenant, until } from "../../support/running-service.ts";
import { exitOf, post, serve, type ServeProcess, settingsFor } from "../../support/serve-process.ts";

const secret = "app-secret-of-the-test";
const phoneNumberId = "106540352242922";
const outlets = { [outlet]: { waba_access_token: "EAAcrashToken", phone_number_id: phoneNumberId } };
const seeded: SandboxOptions = { tenants: { [tenant]: { quota: { limit: 1000 }, outlets } } };

/** A server on a SQLite file that can be killed and restarted, with emulated services in this process. */
async function setup(environment: Record<string, string> = {}) {
  const sandbox = await startSandbox(seeded);
  const folder = await mkdtemp(join(tmpdir(), "message-sender-crash-"));
  onTestFinished(async () => {
    await sandbox.close();
    await rm(folder, { recursive: true });
  });
  const start = () =>
    serve([], {
      DATABASE_URL: `sqlite:${join(folder, "store.db")}`,
      ...settingsFor(sandbox),
      WHATSAPP_APP_SECRET: secret,
      WHATSAPP_VERIFY_TOKEN: "verify",
      RETRY_JITTER: "0",
      ...environment,
    });
  return { sandbox, start };
}

async function kill({ child }: ServeProcess): Promise<void> {
  child.kill("SIGKILL");
  await exitOf(child);
}

async function get({ url }: ServeProcess, path: string): Promise<Record<string, unknown>> {
  const answer = await request(`${url}${path}`);
  return (await answer.body.json()) as Record<string, unknown>;
}

async function webhook({ url }: ServeProcess, callbackData: string, wamid: string, status: string): Promise<number> {
  const body = JSON.stringify({
    object: "whatsapp_business_account",
    entry: [
      {
        id: "1",
        changes: [
          {
            field: "messages",
            value: {
              metadata: { phone_number_id: phoneNumberId },
              statuses: [{ id: wamid, status, timestamp: "1763719207", biz_opaque_callback_data: callbackData }],
            },
          },
        ],
      },
    ],
  });
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  const answer = await request(`${url}/webhooks/whatsapp`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-hub-signature-256": signature },
    body,
  });
  await answer.body.dump();
  return answer.statusCode;
}

/** The message id that the callback data of a submission names. */
function idIn(callbackData: string | undefined): string {
  return callbackData?.split(":")[1] ?? "";
}

const ignore = (): void => {};

describe("kill -9", () => {
  it("after WhatsApp accepted it and before that was stored: unknown, then sent by the webhook; WhatsApp saw it once", async () => {
    const { sandbox, start } = await setup();
    const before = await start();
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { acceptThenLose: "hang" } });
    post(before.url).then(ignore, ignore);
    await until(() => sandbox.graph.messageCount === 1);
    await kill(before);

    const after = await start();
    const [sent] = sandbox.graph.messages;
    const id = idIn(sent?.callbackData);
    // Messages that the killed server left are settled in the background.
    await expect
      .poll(() => get(after, `/api/v1/messages/${id}`))
      .toMatchObject({ status: "unknown", attempts: [{ outcome: "ambiguous" }] });
    expect(await webhook(after, sent?.callbackData ?? "", sent?.wamid ?? "", "delivered")).toBe(200);
    expect(await get(after, `/api/v1/messages/${id}`)).toMatchObject({
      status: "delivered",
      whatsapp_message_ids: [sent?.wamid],
    });
    await until(() => sandbox.conversation.messages.length === 1);
    expect(sandbox.graph.requestCount).toBe(1);
  });

  it("at the same point, and the caller repeats its key before the webhook: the same message id, by policy", async () => {
    const { sandbox, start } = await setup();
    const before = await start();
    const key = { "idempotency-key": "order-17" };
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { acceptThenLose: "hang" } });
    post(before.url, key).then(ignore, ignore);
    await until(() => sandbox.graph.messageCount === 1);
    await kill(before);

    const after = await start();
    const repeated = post(after.url, key);
    const [sent] = sandbox.graph.messages;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await webhook(after, sent?.callbackData ?? "", sent?.wamid ?? "", "sent")).toBe(200);
    const answer = await repeated;
    expect(answer.statusCode).toBe(200);
    expect(await answer.body.json()).toMatchObject({
      message_id: idIn(sent?.callbackData),
      whatsapp_message_id: sent?.wamid,
    });
    expect(sandbox.graph.requestCount).toBe(1);
  });

  it("with a second attempt in flight that a webhook has proved: it ends, and both are known to be sent", async () => {
    const { sandbox, start } = await setup({ RETRY_SCHEDULE_MS: "0,100", ATTEMPT_TIMEOUT_MS: "60000" });
    const before = await start();
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { acceptThenLose: "reset" } });
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { acceptThenLose: "hang" } });
    post(before.url).then(ignore, ignore);
    await expect.poll(() => sandbox.graph.messageCount).toBe(2);
    const [first, second] = sandbox.graph.messages;
    const path = `/api/v1/messages/${idIn(first?.callbackData)}`;
    expect(await webhook(before, second?.callbackData ?? "", second?.wamid ?? "", "sent")).toBe(200);
    expect(await get(before, path)).toMatchObject({ status: "sent", possible_duplicate: true });
    await kill(before);

    const after = await start();
    await expect
      .poll(() => get(after, path))
      .toMatchObject({
        status: "sent",
        possible_duplicate: true,
        whatsapp_message_id: second?.wamid,
        attempts: [{ outcome: "ambiguous" }, { outcome: "ambiguous", decision: "done" }],
      });
    expect(await webhook(after, first?.callbackData ?? "", first?.wamid ?? "", "delivered")).toBe(200);
    expect(await get(after, path)).toMatchObject({
      status: "delivered",
      possible_duplicate: true,
      whatsapp_message_id: first?.wamid,
      whatsapp_message_ids: [first?.wamid, second?.wamid],
    });
    await expect.poll(() => sandbox.conversation.messages.length).toBe(1);
    expect(sandbox.graph.requestCount).toBe(2);
  });

  it("between attempts, after an error that may follow a send: interrupted, the unit returned, and a repeat is a new message", async () => {
    const { sandbox, start } = await setup({ RETRY_SCHEDULE_MS: "0,20000" });
    const before = await start();
    const key = { "idempotency-key": "order-18" };
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 131000 } });
    post(before.url, key).then(ignore, ignore);
    await until(() => sandbox.graph.requests[0]?.endedAt !== undefined);
    const submitted = sandbox.graph.requests[0]?.body as { biz_opaque_callback_data: string } | undefined;
    const id = idIn(submitted?.biz_opaque_callback_data);
    const path = `/api/v1/messages/${id}`;
    await expect.poll(() => get(before, path)).toMatchObject({ attempts: [{ outcome: "refused" }] });
    await kill(before);

    const after = await start();
    await until(() => sandbox.tenant.quotaOf(tenant)?.used === 0);
    expect(await get(after, path)).toMatchObject({
      status: "failed",
      conclusion: { as: "interrupted", reason: expect.stringContaining("may have been sent") },
    });
    const again = await post(after.url, key);
    expect(again.statusCode).toBe(200);
    const answer = (await again.body.json()) as object;
    expect(answer).not.toMatchObject({ message_id: id });
    expect(answer).not.toHaveProperty("possible_duplicate");
  });

  it("before the history was stored: it is stored after the restart, under the same key", async () => {
    const { sandbox, start } = await setup();
    const before = await start();
    const fault = sandbox.faults.add({ target: "conversation", effect: { hang: true } });
    const answer = await post(before.url, { "idempotency-key": "order-19" });
    const { message_id } = (await answer.body.json()) as { message_id: string };
    await until(() => sandbox.conversation.requestCount === 1);
    await kill(before);
    fault.remove();

    const after = await start();
    await until(() => sandbox.conversation.messages.length === 1);
    expect(sandbox.conversation.requests.map(({ idempotencyKey }) => idempotencyKey)).toEqual([message_id, message_id]);
    const replayed = await post(after.url, { "idempotency-key": "order-19" });
    expect(replayed.headers["idempotency-replayed"]).toBe("true");
    expect(await replayed.body.json()).toMatchObject({ message_id, status: "sent" });
    expect(sandbox.graph.requestCount).toBe(1);
  });
});
