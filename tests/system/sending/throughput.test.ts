import { createMessageSender, createPacer, Secret, text } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";
import { createSystemClock } from "@message-sender/core/node";
import { startSandbox } from "@message-sender/emulator";
import { createGraphTransport } from "@message-sender/http-adapter/outbound";
import { createService } from "@message-sender/server";
import { expect, it, onTestFinished } from "vitest";

import { isLongForm } from "../../support/long-form.ts";
import { order, outlet, startService, tenant } from "../../support/running-service.ts";

const phoneNumberId = "106540352242922";

/** Meta's emulator and the sender, on one clock that stands still while requests are under way. */
async function startNumber(limit: number) {
  const ports = createTestPorts({ quota: 10_000 });
  const { clock, credentials } = ports;
  const sandbox = await startSandbox({
    limits: { throughputPerSecond: 80, throughputOf: { [phoneNumberId]: limit } },
    now: () => clock.now().getTime(),
  });
  const graph = createGraphTransport({ url: sandbox.graphUrl, maxConnections: 16 });
  onTestFinished(async () => {
    await graph.close();
    await sandbox.close();
  });
  let underWay = 0;
  /** When each request was made. The emulator counts by the same clock. */
  const times: number[] = [];
  const transport: typeof ports.transport = {
    ...ports.transport,
    submit(submission) {
      underWay += 1;
      times.push(clock.monotonicMs());
      return graph.submit(submission, 120_000).andTee(() => (underWay -= 1));
    },
  };
  const pacer = createPacer({ clock, permits: 10_000 });
  const sender = createMessageSender({ ...ports, transport, pacer }, { credentialsTtlMs: 0 });

  function say(throughputPerSecond: number, outletId = "outlet"): void {
    credentials.set(
      { tenantId: "tenant", outletId },
      { accessToken: new Secret("token"), phoneNumberId, throughputPerSecond },
    );
  }

  async function sendMany(count: number, outlets: readonly string[] = ["outlet"]): Promise<void> {
    const errors: unknown[] = [];
    let ended = 0;
    const sending = Array.from({ length: count }, async (_, index) => {
      const sent = await sender.send({
        tenantId: "tenant",
        outletId: outlets[index % outlets.length] ?? "outlet",
        conversationId: `conversation-${index}`,
        to: `+62812${1_000_000 + index}`,
        content: { type: "text", text: { body: "Hello" } },
      });
      if (sent.isErr()) errors.push(sent.error);
      ended += 1;
    });
    while (ended < count) {
      await clock.advance(20);
      await expect.poll(() => underWay, { interval: 1, timeout: 120_000 }).toBe(0);
      if (errors.length > 0) break;
    }
    expect(errors).toEqual([]);
    await Promise.all(sending);
  }

  /** The most requests within any second, from the one with this index on. */
  function busiestSecond(since = 0): number {
    const later = times.slice(since);
    return Math.max(...later.map((start) => later.filter((at) => at >= start && at < start + 1000).length));
  }

  return { sandbox, say, sendMany, busiestSecond };
}

it.each([20, 80, 1000])("a number of %d messages a second is used in full, and never exceeded", async (limit) => {
  const { sandbox, say, sendMany, busiestSecond } = await startNumber(limit);
  say(limit);
  // More than a second's worth.
  await sendMany(Math.max(limit * (isLongForm ? 2 : 1.2), 100));
  expect(sandbox.graph.requestCount).toBe(sandbox.graph.messageCount);
  expect(busiestSecond()).toBe(limit);
});

it("a figure that changes takes effect with the next message", async () => {
  const { sandbox, say, sendMany, busiestSecond } = await startNumber(1000);
  say(20);
  await sendMany(60);
  expect(busiestSecond()).toBe(20);
  say(1000);
  await sendMany(300);
  expect(busiestSecond(60)).toBeGreaterThan(200);
  say(20);
  await sendMany(60);
  expect(busiestSecond(360)).toBe(20);
  expect(sandbox.graph.requestCount).toBe(420);
});

it("two outlets with one number share its figure", async () => {
  const { sandbox, say, sendMany, busiestSecond } = await startNumber(20);
  say(20, "one");
  say(20, "other");
  await sendMany(100, ["one", "other"]);
  expect(sandbox.graph.requestCount).toBe(100);
  expect(busiestSecond()).toBe(20);
});

it("the Tenant Service says the figure, and one that is none is refused by its name", async () => {
  const { sandbox, send, log } = await startService({ environment: { PACING: "on" } });
  sandbox.tenant.setCredentials(tenant, outlet, { throughput_per_second: 1000 });
  expect((await send(order)).status).toBe(200);
  const outlets = [0, 1e9, "20", 1.5, {}].map((figure, index) => {
    const id = `outlet-${index}`;
    sandbox.tenant.setCredentials(tenant, id, { throughput_per_second: figure as number });
    return id;
  });
  for (const outlet_id of outlets) {
    const before = log.length;
    const { status, body } = await send({ ...order, outlet_id });
    expect([status, body["type"]]).toEqual([503, "/problems/unavailable"]);
    expect(log.slice(before).join("\n")).toContain("throughput_per_second is missing or not valid");
  }
  expect(sandbox.graph.requestCount).toBe(1);
});

it.each([
  [1000, 200],
  [999, 429],
])(
  "Graph says that a busy number was upgraded: with %i a second, a burst is answered %i in the end",
  async (limit, status) => {
    const sandbox = await startSandbox({
      tenants: { acme: { outlets: { main: { waba_access_token: "EAA", phone_number_id: "11", waba_id: "90" } } } },
      limits: { throughputOf: { "11": limit } },
    });
    // Time stands still, so that no more than a second's worth is ever sent.
    const { now, sleep } = createSystemClock();
    const clock = { now, sleep, monotonicMs: () => 0 };
    const service = await createService({ sandbox, ports: { clock }, retry: { sendDeadlineMs: 500 } });
    onTestFinished(service.close);
    let number = 1_000_000;
    const send = async () => {
      const command = { tenantId: "acme", outletId: "main", conversationId: "c", content: text("Hello") };
      const sent = await service.sender.send({ ...command, to: `+62812${(number += 1)}` });
      return sent.match(
        () => 200,
        ({ kind }) => (kind === "RateLimited" ? 429 : kind),
      );
    };
    for (let count = 0; count < 80; count += 1) expect(await send()).toBe(200);
    if (status === 200) return expect.poll(send).toBe(200);
    for (let count = 0; count < 100; count += 1) expect(await send()).toBe(429);
  },
);
