import { setTimeout as sleep } from "node:timers/promises";

import { text } from "@message-sender/core";
import { createInMemoryStore, createRecordingTransport } from "@message-sender/core/in-memory";
import { createSystemClock } from "@message-sender/core/node";
import { createService, type ServiceOptions } from "@message-sender/server";
import { Registry } from "@prometheus-io/client";
import { describe, expect, it, onTestFinished } from "vitest";

import { tenant } from "../../support/running-service.ts";
import { startBusyService } from "../../support/busy-service.ts";
import { parseMetrics } from "../../support/metrics-text.ts";

describe("a busy server", () => {
  it("counts what happened", async () => {
    const { metrics } = await startBusyService();
    const body = await metrics();
    for (const line of [
      'message_sender_calls_total{call="send",result="replayed"} 1',
      'message_sender_calls_total{call="send",result="rejected"} 1',
      'message_sender_calls_total{call="send",result="rate_limited"} 1',
      'message_sender_calls_total{call="enqueue",result="done"} 1',
      'message_sender_attempts_total{outcome="refused",class="recipient",code="131026"} 1',
      'message_sender_attempts_total{outcome="refused",class="transient",code="none"} 1',
      'message_sender_retries_total{reason="transient"} 1',
      'message_sender_messages_ended_total{mode="waiting",outcome="refused"} 1',
      'message_sender_http_requests_total{method="POST",route="/api/v1/messages/send",status="400"} 1',
      'message_sender_outbox_deliveries_total{topic="history",result="retried"} 1',
      "message_sender_store_available 1",
      "message_sender_quota_units_granted_total 100",
    ]) {
      expect(body).toContain(`${line}\n`);
    }
    expect(body).toMatch(
      /message_sender_build_info\{version="\d+\.\d+\.\d+",node_version="\d+\.\d+\.\d+",store="sqlite"\} 1\n/,
    );
    expect(body).toMatch(/message_sender_store_batch_duration_seconds_count [1-9]/);
    expect(body).toMatch(/message_sender_webhook_statuses_total\{result="applied"\} [1-9]/);
    expect(body).toMatch(/message_sender_permit_wait_seconds_count\{reason="pair",granted="(?:true|false)"\} [1-9]/);
  });

  it("has names and units by the conventions of Prometheus, and a help text", async () => {
    const { metrics } = await startBusyService();
    for (const { name, type, help } of parseMetrics(await metrics()).values()) {
      expect(name).toMatch(/^(?:message_sender|process|nodejs)(?:_[a-z0-9]+)+$/);
      expect(help).not.toBe("");
      expect(name.endsWith("_total"), name).toBe(type === "counter");
      expect(name, "base units").not.toMatch(/_(?:ms|millis|milliseconds|minutes|kb|kilobytes|percent)(?:_|$)/);
      expect(name, "no type").not.toMatch(/_(?:counter|gauge|histogram|summary|count|sum|bucket)(?:_|$)/);
    }
  });

  it("answers with the labels of its events only: no id, number, recipient or path", async () => {
    const { metrics, sandbox } = await startBusyService();
    const body = await metrics();
    expect(sandbox.graph.messages.length).toBeGreaterThan(3);
    for (const { wamid, phoneNumberId } of sandbox.graph.messages) {
      for (const id of [wamid, phoneNumberId]) expect(body).not.toContain(id);
    }
    for (const id of [tenant.slice(0, 8), "62812345"]) expect(body).not.toContain(id);
  });

  it("says that the store is not available once it is closed", async () => {
    const { metrics, service } = await startBusyService();
    expect(await metrics()).toContain("message_sender_store_available 1\n");
    const closing = service.sender.close();
    expect(await metrics()).toContain("message_sender_store_available 0\n");
    await closing;
  });
});

describe("createService with metrics", () => {
  const outlets = { jakarta: { waba_access_token: "EAAGmetrics", phone_number_id: "106540352242922" } };
  const acme = { acme: { quota: { limit: 10, period: "month" }, outlets } } as const;
  const message = (tenantId: string, index: number) => ({
    tenantId,
    outletId: "jakarta",
    conversationId: `c-${index}`,
    to: `+62812${String(index).padStart(8, "0")}`,
    content: text("Hello! Your order is ready."),
  });

  async function serviceOfTest(options: ServiceOptions) {
    const service = await createService({ databaseUrl: "memory:", ...options });
    onTestFinished(() => service.close());
    return service;
  }

  it("has as many series for 2,000 tenants and numbers as for one", async () => {
    const names = Array.from({ length: 2000 }, (_, index) => `tenant-${index}`);
    const tenants = Object.fromEntries(
      names.map((name, index) => [
        name,
        {
          quota: { limit: 10, period: "month" as const },
          outlets: {
            jakarta: { waba_access_token: `EAAG${index}`, phone_number_id: String(106_540_352_000_000 + index) },
          },
        },
      ]),
    );
    const registry = new Registry();
    const { sender, app } = await serviceOfTest({
      tenants,
      metrics: registry,
      access: "open",
      retry: { scheduleMs: [0] },
      ports: { transport: createRecordingTransport() },
    });
    const sendFor = async (tenantId: string, index: number) => {
      expect((await sender.send(message(tenantId, index))).isOk()).toBe(true);
      await app.request(`/api/v1/messages/unknown-${index}/status`);
      await app.request(`/api/v1/nothing-${index}`);
    };
    const seriesCount = async () =>
      (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#")).length;
    await sendFor(names[0] ?? "", 0);
    const before = await seriesCount();
    let next = 1;
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        while (next < names.length) {
          const index = next++;
          await sendFor(names[index] ?? "", index);
        }
      }),
    );
    expect(await registry.metrics()).toContain('message_sender_calls_total{call="send",result="done"} 2000\n');
    // Deliveries and settlements of the background may have begun meanwhile: a few series, whatever the number of tenants.
    expect((await seriesCount()) - before).toBeLessThan(40);
  });

  it("leaves the registry as it was when it closes, or does not start, so that the next service can use it", async () => {
    const registry = new Registry();
    await expect(
      createService({
        tenants: acme,
        databaseUrl: "sqlite:/no/such/folder/store.db",
        metrics: registry,
      }),
    ).rejects.toThrow("databaseUrl");
    for (const _ of [1, 2]) {
      const service = await createService({
        tenants: acme,
        databaseUrl: "memory:",
        metrics: registry,
      });
      expect(await registry.metrics()).toContain("message_sender_messages_accepted_total");
      await service.close();
      expect((await registry.metrics()).trim()).toBe("");
    }
  });

  it("answers /metrics to the scope metrics only, and not at all without metrics", async () => {
    const status = async (options: ServiceOptions) =>
      (await (await serviceOfTest({ tenants: acme, ...options })).app.request("/metrics")).status;
    const access = (scope: "metrics" | "read") => () => ({ tenants: "all" as const, scopes: [scope] });
    expect(await status({ metrics: new Registry(), access: access("metrics") })).toBe(200);
    expect(await status({ metrics: new Registry(), access: access("read") })).toBe(403);
    expect(await status({ metrics: new Registry() })).toBe(403);
    expect(await status({ access: "open" })).toBe(404);
  });

  it("reads the gauges of the store once for scrapes that follow each other, and gives NaN while it cannot", async () => {
    const registry = new Registry();
    let reads = 0;
    let isAway = false;
    const store = createInMemoryStore({ clock: createSystemClock() });
    const backlog = {
      measure(limit: number) {
        reads += 1;
        store.setUnavailable(isAway);
        return store.backlog.measure(limit);
      },
    };
    await serviceOfTest({ tenants: acme, store: { ...store, backlog }, metrics: registry });
    await registry.metrics();
    await registry.metrics();
    expect(await registry.metrics()).toContain("message_sender_queue_messages 0\n");
    expect(reads).toBe(1);
    isAway = true;
    await expect
      .poll(async () => {
        await sleep(200);
        return registry.metrics();
      })
      .toMatch(/message_sender_queue_messages NaN\n/i);
  });
});
