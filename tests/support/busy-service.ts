import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { text } from "@message-sender/core";
import { startSandbox } from "@message-sender/emulator";
import { startHttpServer } from "@message-sender/http-adapter/inbound";
import { connectWebhooks, createService } from "@message-sender/server";
import { createProcessRegistry } from "@message-sender/server/run";
import { readSettings, serverOptionsOf } from "@message-sender/server/settings";
import { request } from "undici";
import { expect, onTestFinished } from "vitest";

import { conversation, order, outlet, tenant } from "./running-service.ts";

/** A server on SQLite that has sent, retried, failed, queued and refused messages, and has received webhooks. Closes after the test. */
export async function startBusyService(onEnd: (end: () => Promise<void>) => void = onTestFinished) {
  const sandbox = await startSandbox();
  const file = join(tmpdir(), `message-sender-busy-${randomUUID()}.db`);
  const settings = readSettings(
    { DATABASE_URL: `sqlite:${file}`, RETRY_SCHEDULE_MS: "0,1,1,1", PACE_PAIR_BURST: "2" },
    { sandbox: true },
  )._unsafeUnwrap();
  const registry = createProcessRegistry();
  const service = await createService({ ...serverOptionsOf(settings), sandbox, metrics: registry });
  const server = await startHttpServer({ app: service.app, host: "127.0.0.1", port: 0 });
  onEnd(async () => {
    await service.close();
    await server.close();
    await Promise.all(["", "-wal", "-shm"].map((suffix) => rm(`${file}${suffix}`, { force: true })));
  });
  connectWebhooks(sandbox, server.url);

  const post = async (body: object, headers: Record<string, string> = {}) => {
    const answer = await request(`${server.url}/api/v1/messages/send`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    await answer.body.dump();
    return answer.statusCode;
  };
  const to = (number: number) => ({ ...order, to: `+62812345${String(number).padStart(4, "0")}` });
  const shows = async (sample: string): Promise<void> => {
    while (!(await metrics()).includes(sample)) await sleep(50);
  };
  const metrics = async (): Promise<string> => (await request(`${server.url}/metrics`)).body.text();

  sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { status: 503 } });
  expect(await post(to(1))).toBe(200);
  sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 131_026 } });
  expect(await post(to(2))).toBe(422);
  sandbox.faults.add({ target: "conversation", trigger: { next: 1 }, effect: { status: 503 } });
  expect(await post(to(3), { "idempotency-key": "three" })).toBe(200);
  expect(await post(to(3), { "idempotency-key": "three" })).toBe(200);
  const queued = await service.sender.enqueue({
    tenantId: tenant,
    outletId: outlet,
    conversationId: conversation,
    to: "+628123450004",
    content: text(order.message),
  });
  expect(queued.isOk()).toBe(true);
  expect(await post({})).toBe(400);
  // More at once than one recipient may be sent: the third would wait six seconds, and may wait half of that.
  expect(await Promise.all([1, 2, 3].map(() => post(to(5), { prefer: "wait=3" })))).toContain(429);
  await shows('message_sender_status_changes_total{status="read"}');
  await shows('message_sender_messages_ended_total{mode="queued",outcome="sent"} 1');
  await shows('message_sender_outbox_deliveries_total{topic="history",result="delivered"}');
  /** The labels of a metric, also of one that nothing has happened to yet. */
  const labelsOf = (name: string) =>
    (registry.getSingleMetric(name) as unknown as { labelNames: readonly string[] }).labelNames;
  return { sandbox, service, metrics, labelsOf };
}
