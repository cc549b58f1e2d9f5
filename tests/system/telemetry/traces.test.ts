import { text } from "@message-sender/core";
import { startSandbox } from "@message-sender/emulator";
import { createService } from "@message-sender/server";
import { SpanKind, trace } from "@opentelemetry/api";
import { SamplingDecision } from "@opentelemetry/sdk-trace";
import { Hono } from "hono";
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
import { conversation, order, outlet, startService, tenant, until } from "../../support/running-service.ts";

it("a send is one trace: the request, the Tenant Service, the accept and the attempt", async () => {
  const spans = recordSpans();
  const { send, sandbox } = await startService();
  const { body, headers } = await send(order, caller);

  const request = spans.only("POST /api/v1/messages/send");
  expect(factsOf(request)).toEqual({ kind: SpanKind.SERVER, traceId, parent: callerSpan, links: [] });
  expect(request.attributes).toMatchObject({
    "http.request.method": "POST",
    "http.route": "/api/v1/messages/send",
    "http.response.status_code": 200,
    "url.path": "/api/v1/messages/send",
    "url.scheme": "http",
    "message_sender.message_id": body["message_id"],
  });
  const { spanId } = request.spanContext();
  expect(headers["traceparent"]).toBe(`00-${traceId}-${spanId}-01`);

  const child = { traceId, parent: spanId, links: [] };
  const waba = spans.only("GET /api/v1/tenants/{tenant_id}/outlets/{outlet_id}/waba");
  const quota = spans.only("POST /api/v1/tenants/{tenant_id}/quota/reservations");
  const accept = spans.only("accept message");
  const attempt = spans.only(attemptName);
  for (const span of [waba, quota, attempt]) expect(factsOf(span)).toEqual({ kind: SpanKind.CLIENT, ...child });
  expect(factsOf(accept)).toEqual({ kind: SpanKind.INTERNAL, ...child });
  expect(waba.attributes).toMatchObject({
    "http.request.method": "GET",
    "http.response.status_code": 200,
    "server.address": "127.0.0.1",
    "server.port": Number(new URL(sandbox.tenantUrl).port),
  });
  expect(accept.attributes).toMatchObject({
    "message_sender.message_id": body["message_id"],
    "message_sender.tenant_id": tenant,
    "message_sender.outlet_id": outlet,
  });
  expect(attempt.attributes).toMatchObject({
    "message_sender.message_id": body["message_id"],
    "message_sender.attempt": 1,
    "message_sender.outcome": "Accepted",
    "http.response.status_code": 200,
  });
  // A status callback, which has a trace of its own, asks for its receiver.
  const asked = sandbox.tenant.requests.filter(({ path }) => !path.endsWith("/callbacks"));
  expect(asked.map(({ headers }) => headers)).toMatchObject(
    [waba, quota].map((span) => ({
      traceparent: `00-${traceId}-${span.spanContext().spanId}-01`,
      tracestate: "vendor=opaque",
    })),
  );
});

it("each attempt is a span with its number, outcome, class and code", async () => {
  const spans = recordSpans();
  const { send, sandbox } = await startService({ environment: { RETRY_SCHEDULE_MS: "0,1,1" } });
  sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 131016 } });
  sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { reset: "before" } });
  expect((await send(order, caller)).status).toBe(200);
  const attempts = spans.named(attemptName);
  expect(attempts.map(({ attributes }) => attributes)).toMatchObject([
    {
      "message_sender.attempt": 1,
      "message_sender.outcome": "Refused",
      "message_sender.failure_class": "transient",
      "message_sender.code": 131016,
      "error.type": "131016",
    },
    { "message_sender.attempt": 2, "message_sender.outcome": "Ambiguous", "error.type": "Ambiguous" },
    { "message_sender.attempt": 3, "message_sender.outcome": "Accepted" },
  ]);
  expect(new Set(attempts.map((span) => factsOf(span).traceId))).toEqual(new Set([traceId]));
});

it("an error of ours marks the request's span as failed, one of the caller's does not", async () => {
  const spans = recordSpans();
  const { send, get, sandbox } = await startService({ environment: { RETRY_SCHEDULE_MS: "0" } });
  sandbox.faults.add({ target: "graph", effect: { graphError: 131016 } });
  expect((await send(order, caller)).status).toBe(500);
  await send({ ...order, to: "1" }, caller);
  await get("/api/v1/messages/unknown");
  await get("/unknown/+628123456789");
  expect(
    spans.named("POST /api/v1/messages/send").map(({ attributes, status }) => [attributes["error.type"], status.code]),
  ).toEqual([
    ["500", 2],
    [undefined, 0],
  ]);
  expect(spans.only("GET /api/v1/messages/:messageId").attributes).toMatchObject({
    "http.response.status_code": 404,
    "message_sender.problem": "not-found",
  });
  const unknown = spans.named("GET").find(({ kind }) => kind === SpanKind.SERVER);
  expect(unknown?.attributes).toMatchObject({ "url.path": "/unknown/+•••6789" });
  expect(unknown?.attributes).not.toHaveProperty("http.route");
});

it("what is not sampled is not recorded, and is passed on as not sampled", async () => {
  const spans = recordSpans({
    sampler: { shouldSample: () => ({ decision: SamplingDecision.NOT_RECORD }), toString: () => "never" },
  });
  const { send, sandbox } = await startService();
  const { headers } = await send(order, caller);
  expect(spans.all()).toEqual([]);
  expect(headers["traceparent"]).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
  for (const { headers: passed } of sandbox.tenant.requests) expect(passed["traceparent"]).toMatch(/-00$/);
});

it("spans contain neither content nor numbers nor tokens", async () => {
  const spans = recordSpans();
  const { send, sandbox } = await startService({ environment: { RETRY_SCHEDULE_MS: "0,1" } });
  const details = `Recipient ${order.to} (628123456789) may not get "${order.message}"`;
  sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 131016, details } });
  await send({ ...order, conversation_id: "628123456789" }, caller);
  await until(() => spans.named(historyName).length === 1);
  const seen = JSON.stringify(
    spans.all().map(({ name, attributes, events, links, status }) => ({ name, attributes, events, links, status })),
  );
  expect(seen).toContain("131016");
  for (const hidden of ["8123456789", order.message, "Bearer", "EAA"]) expect(seen).not.toContain(hidden);
});

const command = {
  tenantId: tenant,
  outletId: outlet,
  conversationId: conversation,
  to: order.to,
  content: text(order.message),
};

async function startEmbedded(options: Partial<Parameters<typeof createService>[0]> = {}) {
  const sandbox = await startSandbox();
  const service = await createService({ databaseUrl: "memory:", sandbox, access: "open", ...options });
  onTestFinished(() => service.close());
  return { sandbox, ...service };
}

it("a send of an embedder belongs to the embedder's span, and the message keeps its trace", async () => {
  const spans = recordSpans();
  const { sender } = await startEmbedded();
  const [sent, own] = await trace.getTracer("embedder").startActiveSpan("order is ready", async (span) => {
    const result = await sender.send(command);
    span.end();
    return [result._unsafeUnwrap(), span.spanContext()] as const;
  });
  expect(sent.message.request.traceparent).toBe(`00-${own.traceId}-${own.spanId}-01`);
  for (const name of ["accept message", attemptName]) {
    expect(factsOf(spans.only(name))).toMatchObject({ traceId: own.traceId, parent: own.spanId });
  }
  await until(() => spans.named(historyName).length === 1);
  expect(factsOf(spans.only(historyName)).links).toEqual([own.traceId]);
});

it("within a framework that has begun a server span, the request is a child of it and no second server span", async () => {
  const spans = recordSpans();
  const { app } = await startEmbedded();
  const outer = new Hono();
  outer.use((_, next) =>
    trace.getTracer("framework").startActiveSpan("outer", { kind: SpanKind.SERVER }, async (span) => {
      await next();
      span.end();
    }),
  );
  outer.route("/sender", app);
  const answer = await outer.request("/sender/api/v1/messages/unknown/status");
  expect(answer.status).toBe(404);
  const around = spans.only("outer").spanContext();
  expect(factsOf(spans.only("GET /sender/api/v1/messages/:messageId/status"))).toMatchObject({
    kind: SpanKind.INTERNAL,
    traceId: around.traceId,
    parent: around.spanId,
  });
});
