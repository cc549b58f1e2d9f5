import { beforeAll, describe, expect, it } from "vitest";

import { order, ours, theirs, useAbusedServer } from "./abused-server.ts";
import { titleOf } from "./rows.ts";

const server = useAbusedServer();

const refuse = (path: string, body: unknown, status: number | readonly number[] = 400, headers = {}) =>
  server.expectRefusal({ path, body: typeof body === "string" ? body : JSON.stringify(body), headers }, status);
const later = new Date(Date.now() + 3_600_000).toISOString();

/** A message of theirs that nothing may change. */
let foreign = "";
beforeAll(async () => {
  const queued = await server.send({ ...order, ...theirs, scheduled_at: later });
  expect(queued.status).toBe(202);
  foreign = String(queued.json["message_id"]);
});

/** The statuses of a batch of changed orders: those that are accepted, and the HTTP statuses of problems. */
async function batch(...changes: readonly object[]): Promise<readonly unknown[]> {
  const body = JSON.stringify({ messages: changes.map((change) => ({ ...order, ...change })) });
  const { status, json } = await server.call({ path: "/api/v1/messages/batch", body });
  expect(status).toBe(202);
  const results = json["results"] as readonly { status?: string; problem?: { status: number } }[];
  return results.map((result) => result.status ?? result.problem?.status);
}

const times: readonly object[] = [
  ...["", "soon", "2026-02-30T00:00:00Z", "2026-01-31T12:00:00", "9999-12-31T23:59:59Z", "+275760-09-13T00:00:00Z"].map(
    (scheduled_at) => ({ scheduled_at }),
  ),
  ...[1_763_719_391, true, {}, [later]].map((scheduled_at) => ({ scheduled_at })),
  ...[0, -1, 1.5, 1e300, "60", true, [60], {}].map((ttl_seconds) => ({ ttl_seconds })),
];

describe(titleOf("send: times"), () => {
  it("in a send", async () => {
    for (const change of times) await refuse("/api/v1/messages/send", { ...order, ...change });
  });

  it("in a batch, each in its place", async () => {
    expect(await batch(...times)).toEqual(times.map(() => 400));
  });

  it.each(["wait=soon", "wait=-1", "respond-async, wait=1e3", `wait=${"9".repeat(30)}`])(
    "Prefer: %s",
    async (prefer) => {
      await refuse("/api/v1/messages/send", order, 400, { prefer });
    },
  );
});

describe(titleOf("batch: shape"), () => {
  const path = "/api/v1/messages/batch";

  it("of the whole", async () => {
    const many = { messages: Array.from({ length: 1001 }, () => 0) };
    const bodies = [[], {}, { messages: {} }, { messages: [] }, { messages: "x" }, many, { messages: [order], x: 1 }];
    for (const body of bodies) await refuse(path, body);
    for (const text of ["", "{", "null", '{"messages":[', '{"messages":[{}]} x', "[".repeat(30_000)])
      await refuse(path, text);
    await refuse(path, { messages: [order] }, 400, { "idempotency-key": "of-the-batch" });
    await refuse(path, { messages: [order] }, 415, { "content-type": "text/plain" });
    await refuse(path, `{"messages":["${"x".repeat(5 * 1024 * 1024)}"]}`, 413);
  });

  it("of a message: it alone is refused", async () => {
    const odd = [
      5,
      null,
      "x",
      [],
      { ...order, to: "x" },
      { ...order, status: "sent" },
      { ...order, idempotency_key: "a b" },
    ];
    const texts = odd.map((message) => JSON.stringify(message));
    const deep = `{"x":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    const twice = JSON.stringify(order).replace("{", '{"to":"+628123456780",');
    const proto = JSON.stringify(order).replace("{", '{"__proto__":{"a":1},');
    const large = JSON.stringify({ ...order, message: "x".repeat(70_000) });
    const body = `{"messages":[${[...texts, deep, twice, proto, large].join(",")}]}`;
    const { status, json, text } = await server.call({ path, body });
    expect(status).toBe(202);
    const results = json["results"] as readonly { problem?: { status: number } }[];
    expect(results.map(({ problem }) => problem?.status)).toEqual([
      ...[...texts, deep, twice, proto].map(() => 400),
      413,
    ]);
    expect(text).not.toContain("xxxx");
  });
});

describe(titleOf("change: malformed"), () => {
  it("many messages by a filter", async () => {
    for (const path of ["/api/v1/messages/cancel", "/api/v1/messages/resolve"]) {
      const action = path.endsWith("resolve") ? { action: "resend" } : {};
      for (const filter of [
        {},
        { tenant_id: null },
        { tenant_id: "" },
        { tenant_id: "../x" },
        { tenant_id: [ours.tenant_id] },
        { tenant_id: { $ne: "" } },
        { status: "sent" },
        { status: "__proto__" },
        { since: "yesterday" },
        { since: "2026-01-02", until: "2026-01-01" },
        { ...ours, dry_run: "yes" },
        { ...ours, cursor: "e30" },
        { ...ours, limit: 5 },
        { ...ours, constructor: 1 },
        { to: "628123456789" },
        { idempotency_key: "order-1" },
      ]) {
        await refuse(path, { ...action, ...filter });
      }
      await refuse(path, '{"tenant_id":"a","tenant_id":"b"}');
      await refuse(path, "[]");
    }
    for (const action of [undefined, null, "delete", "RESEND", ["resend"]]) {
      await refuse("/api/v1/messages/resolve", { ...ours, action });
    }
  });

  it("one message", async () => {
    for (const id of ["..%2f..", "%00", "x".repeat(10_000), "nobody", "%F0%9F%98%80"]) {
      await refuse(`/api/v1/messages/${id}/cancel`, {}, [400, 404]);
      await refuse(`/api/v1/messages/${id}/resolve`, { action: "resend" }, [400, 404]);
    }
    await refuse(`/api/v1/messages/${foreign}/resolve`, { action: "hold" });
  });

  it("a pause, and its end", async () => {
    const reason = "It moves.";
    for (const body of [
      {},
      { reason },
      { ...ours },
      { ...ours, reason: "" },
      { ...ours, reason: "x".repeat(501) },
      { ...ours, reason: 5 },
      { outlet_id: "a", reason },
      { ...ours, phone_number_id: "1", reason },
      { tenant_id: "a/b", reason },
      { phone_number_id: "../1", reason },
      { template: "Sale!", reason },
      { template: { name: "sale", language: "a b" }, reason },
      { template: { name: "sale", __proto: 1 }, reason },
      { ...ours, reason, until: "2020-01-01T00:00:00Z" },
      { ...ours, reason, until: "soon" },
      { ...ours, reason, owner: "whatsapp" },
      { ...ours, reason, paused_by: "key_0" },
    ]) {
      await refuse("/api/v1/pauses", body);
    }
    for (const id of ["nobody", "..%2f..", "%00", "tenant:", "x".repeat(10_000)]) {
      await server.expectRefusal({ method: "DELETE", path: `/api/v1/pauses/${id}` }, [400, 404]);
    }
    expect((await server.call({ method: "GET", path: "/api/v1/pauses" })).json).toEqual({ pauses: [] });
  });

  it("the queue", async () => {
    for (const query of ["limit=0", "limit=1001", "limit=1&limit=2", "tenant_id=a/b", "tenant_id[]=a", "__proto__=1"]) {
      await server.expectRefusal({ method: "GET", path: `/api/v1/queue?${query}` }, 400);
    }
  });
});

describe(titleOf("change: foreign tenant"), () => {
  it("is left alone", async () => {
    const headers = { authorization: `Bearer ${server.ourKey}` };
    await refuse(`/api/v1/messages/${foreign}/cancel`, {}, 404, headers);
    await refuse(`/api/v1/messages/${foreign}/resolve`, { action: "resend" }, 404, headers);
    await refuse("/api/v1/messages/cancel", theirs, 404, headers);
    await refuse("/api/v1/messages/resolve", { ...theirs, action: "resend" }, 404, headers);
    await refuse("/api/v1/pauses", { ...theirs, reason: "Theirs." }, 404, headers);
    await server.expectRefusal({ method: "GET", path: `/api/v1/queue?tenant_id=${theirs.tenant_id}`, headers }, 404);
    const everybody = { path: "/api/v1/messages/cancel", body: JSON.stringify({ to: order.to }), headers };
    expect((await server.call(everybody)).json).toMatchObject({ matched: 0, changed: 0 });
    const paused = await server.call({
      path: "/api/v1/pauses",
      body: JSON.stringify({ ...theirs, reason: "Theirs." }),
    });
    expect(paused.status).toBe(201);
    const pause = `/api/v1/pauses/${encodeURIComponent(String(paused.json["id"]))}`;
    await server.expectRefusal({ method: "DELETE", path: pause, headers }, 404);
    expect((await server.call({ method: "GET", path: "/api/v1/pauses", headers })).json).toEqual({ pauses: [] });
    const queue = await server.call({ method: "GET", path: "/api/v1/queue", headers });
    expect(queue.json).toMatchObject({ depth: 0, outlets: [] });
    const { json } = await server.call({ method: "GET", path: `/api/v1/messages/${foreign}/status` });
    expect(json["status"]).toBe("queued");
  });
});
