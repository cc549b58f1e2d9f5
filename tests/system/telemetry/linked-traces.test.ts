import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { text } from "@message-sender/core";
import { startSandbox } from "@message-sender/emulator";
import { createConversationServiceHistory, createServiceClient } from "@message-sender/http-adapter/outbound";
import { createService } from "@message-sender/server";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { expect, it, onTestFinished } from "vitest";

import {
  attemptName,
  caller,
  callerSpan,
  factsOf,
  historyName,
  recordSpans,
  traceId,
} from "../../support/recorded-spans.ts";
import { order, outlet, startService, tenant, until } from "../../support/running-service.ts";
import { exitOf, post, serve, settingsFor } from "../../support/serve-process.ts";

it("the delivery to the Conversation Service is a trace of its own, linked to the message's", async () => {
  const spans = recordSpans();
  const { send, sandbox } = await startService();
  await send(order, caller);
  await until(() => spans.named(historyName).length === 1);
  const history = spans.only(historyName);
  expect(factsOf(history)).toMatchObject({ kind: SpanKind.CLIENT, parent: undefined, links: [traceId] });
  const own = history.spanContext();
  expect(own.traceId).not.toBe(traceId);
  const [told] = sandbox.conversation.requests;
  expect(told?.headers["traceparent"]).toBe(`00-${own.traceId}-${own.spanId}-01`);
});

it("a batch of history entries is linked to the trace of each message, and passes its own on", async () => {
  const spans = recordSpans();
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const client = createServiceClient({ url: sandbox.conversationUrl });
  onTestFinished(() => client.close());
  const traces = ["1", "2", "3"].map((digit) => digit.repeat(32));
  const stored = await createConversationServiceHistory(client).store(
    traces.map((each, index) => ({
      messageId: `message-${index}`,
      version: 1,
      correction: false,
      conversationId: `conversation-${index}`,
      outlet: { tenantId: tenant, outletId: outlet },
      to: order.to,
      content: text(order.message),
      status: "sent",
      traceparent: `00-${each}-${callerSpan}-01`,
    })),
  );
  expect(stored._unsafeUnwrap()).toEqual(["stored", "stored", "stored"]);
  const batch = spans.only("POST /api/v1/conversations/messages/batch");
  expect(factsOf(batch)).toMatchObject({ parent: undefined, links: traces });
  expect(sandbox.conversation.requests[0]?.headers["traceparent"]).toContain(batch.spanContext().traceId);
});

it("an attempt of the queue is a trace of its own, linked to the message's", async () => {
  const spans = recordSpans();
  const { send, post, sandbox } = await startService({ environment: { RETRY_SCHEDULE_MS: "0" } });
  const fault = sandbox.faults.add({ target: "graph", effect: { graphError: 131026 } });
  const { body } = await send(order, caller);
  fault.remove();
  const path = `/api/v1/messages/${String(body["message_id"])}/resolve`;
  const asked = { traceparent: caller.traceparent.replace(traceId, "f".repeat(32)) };
  expect((await post(path, { action: "resend" }, asked)).status).toBe(200);
  await until(() => spans.named(attemptName).length === 2);
  const [first, second] = spans.named(attemptName);
  expect(first && factsOf(first)).toMatchObject({ traceId, links: [] });
  expect(second && factsOf(second)).toMatchObject({ parent: undefined, links: [traceId] });
  expect(second?.attributes).toMatchObject({ "message_sender.attempt": 2, "message_sender.outcome": "Accepted" });
  expect(spans.only("POST /api/v1/messages/:messageId/resolve").spanContext().traceId).toBe("f".repeat(32));
});

it("a status webhook is a trace of its own, with a span for each message that is linked to the message's", async () => {
  const spans = recordSpans();
  const { send, sandbox, url, get } = await startService({
    environment: { WHATSAPP_APP_SECRET: "app-secret-of-the-test", WHATSAPP_VERIFY_TOKEN: "verify" },
  });
  sandbox.webhooks.target({ url: `${url}/webhooks/whatsapp`, appSecret: "app-secret-of-the-test" });
  const { body } = await send(order, caller);
  const path = `/api/v1/messages/${String(body["message_id"])}/status`;
  await expect.poll(async () => (await get(path)).body["status"]).toBe("read");
  const recorded = spans.named("record status");
  const received = spans.named("POST /webhooks/whatsapp");
  expect(recorded.length).toBeGreaterThan(0);
  for (const span of recorded) {
    expect(factsOf(span)).toMatchObject({ kind: SpanKind.INTERNAL, links: [traceId] });
    expect(received.map((each) => each.spanContext().spanId)).toContain(factsOf(span).parent);
    expect(span.attributes).toMatchObject({ "message_sender.message_id": body["message_id"] });
  }
  expect(received.map((span) => factsOf(span).traceId)).not.toContain(traceId);
});

it("a call that resumes a message after a crash attempts in its own trace, linked to the message's", async () => {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-traces-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const databaseUrl = `sqlite:${join(folder, "store.db")}`;
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const hanging = sandbox.faults.add({ target: "graph", effect: { hang: true } });
  const key = { "idempotency-key": "order-17" };
  const crashing = await serve([], { ...settingsFor(sandbox), DATABASE_URL: databaseUrl });
  post(crashing.url, { ...caller, ...key }).catch(() => {});
  await until(() => sandbox.graph.requestCount === 1);
  crashing.child.kill("SIGKILL");
  await exitOf(crashing.child);
  hanging.remove();

  const spans = recordSpans();
  const { graphUrl, tenantUrl: tenantServiceUrl } = sandbox;
  const service = await createService({ databaseUrl, graphUrl, tenantServiceUrl, access: "open" });
  onTestFinished(() => service.close());
  expect((await service.sender.check()).isOk()).toBe(true);
  const later = "f".repeat(32);
  const headers = { "content-type": "application/json", traceparent: `00-${later}-${callerSpan}-01`, ...key };
  const answer = await service.app.request("/api/v1/messages/send", {
    method: "POST",
    headers,
    body: JSON.stringify(order),
  });
  expect(answer.status).toBe(200);
  const attempt = spans.only(attemptName);
  expect(factsOf(attempt)).toMatchObject({ traceId: later, links: [traceId] });
  expect(attempt.attributes).toMatchObject({ "message_sender.attempt": 2 });
  expect(factsOf(spans.only("POST /api/v1/messages/send")).links).toEqual([]);
});

it("a status callback is a trace of its own, linked to the message's, and passes its own on", async () => {
  const spans = recordSpans();
  const { send, sandbox } = await startService();
  const sent = send(order, caller);
  await sent;
  await until(() => spans.named("status callback").length > 0);
  const [callback] = spans.named("status callback");
  expect(callback && factsOf(callback)).toMatchObject({ kind: SpanKind.CLIENT, parent: undefined, links: [traceId] });
  const { body } = await sent;
  expect(callback?.attributes).toMatchObject({
    "message_sender.message_id": body["message_id"],
    "message_sender.version": 1,
  });
  const own = callback?.spanContext();
  const [told] = sandbox.callbacks.requests;
  expect(told?.headers["traceparent"]).toBe(`00-${own?.traceId}-${own?.spanId}-01`);
});

it("the look-up of a tenant's receiver is named by its route, and that there is none is no error", async () => {
  const spans = recordSpans();
  const { send } = await startService();
  await send(order, caller);
  const name = "GET /api/v1/tenants/{tenant_id}/callbacks";
  await until(() => spans.named(name).length === 1);
  const lookup = spans.only(name);
  expect(lookup.attributes).toMatchObject({
    "url.template": "/api/v1/tenants/{tenant_id}/callbacks",
    "http.response.status_code": 404,
  });
  expect(lookup.attributes).not.toHaveProperty("error.type");
  expect(lookup.status.code).toBe(SpanStatusCode.UNSET);
});
