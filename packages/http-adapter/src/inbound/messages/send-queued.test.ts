import { exampleOutcomes } from "@message-sender/core/contracts";
import { describe, expect, it } from "vitest";

import { createTestApp, order } from "../../../test/app.ts";

const later = { prefer: "respond-async" };
const keyed = { "idempotency-key": "order-17" };

/** A test app with `ask`, which posts an order, and `work`, which is a round of the queue. */
function create() {
  const test = createTestApp();
  const ask = (headers: Record<string, string>, change: object = {}) =>
    test.post(JSON.stringify({ ...order, ...change }), headers);
  return { ...test, ask, work: () => test.ports.clock.runUntil(test.sender.tick()) };
}

describe("an asynchronous send", () => {
  it("is answered with 202 before anything is sent, and names the preference and where the status is", async () => {
    const { ask, ports, app, work } = create();
    const { status, headers, json } = await ask(later);
    expect([status, json]).toEqual([202, { message_id: expect.any(String), status: "queued" }]);
    const location = headers.get("location") ?? "";
    expect(location).toBe(`/api/v1/messages/${String(json["message_id"])}/status`);
    expect([headers.get("preference-applied"), headers.get("idempotency-replayed")]).toEqual(["respond-async", null]);
    expect(ports.transport.submissions).toEqual([]);
    await work();
    expect(await (await app.request(location)).json()).toMatchObject({ status: "sent" });
  });

  it.each(["respond-async", "RESPOND-ASYNC", "wait=5, respond-async", "respond-async; wait=5", "foo, respond-async"])(
    "is asked for by Prefer: %s",
    async (prefer) => {
      const { status, headers } = await create().ask({ prefer });
      expect([status, headers.get("preference-applied")]).toEqual([202, "respond-async"]);
    },
  );

  it("is stored with what the body asks for", async () => {
    const { ask, app } = create();
    const asked = { reference: "order-17", on_ambiguous: "hold", reply_to: "wamid.x", ttl_seconds: 7 };
    const { json } = await ask(later, asked);
    const record = await (await app.request(`/api/v1/messages/${String(json["message_id"])}`)).json();
    expect(record).toMatchObject({ ...order, ...asked, status: "queued" });
  });

  it.each([
    ["an unknown tenant", { kind: "TenantUnknown" }, 404],
    ["a quota that is used up", { kind: "QuotaExceeded" }, 429],
  ] as const)("with %s gets the answer of a send that waits", async (_, error, status) => {
    const { ask, ports } = create();
    const { errAsync } = await import("neverthrow");
    Object.assign(ports.quota, { reserve: () => errAsync(error) });
    const [async, waiting] = [await ask(later), await ask({})];
    expect([async.status, waiting.status]).toEqual([status, status]);
    expect({ ...async.json, instance: "" }).toEqual({ ...waiting.json, instance: "" });
  });

  it("says that it may be in the queue if the store fails", async () => {
    const { ask, ports } = create();
    const { errAsync } = await import("neverthrow");
    Object.assign(ports.messages, { accept: () => errAsync({ kind: "Unavailable", reason: "away" }) });
    const { status, headers, json } = await ask({ ...later, ...keyed });
    expect([status, headers.get("retry-after")]).toEqual([503, "5"]);
    expect(json["detail"]).toContain("may be in the queue");
  });
});

describe("a repeat under the key of an asynchronous send", () => {
  it.each([
    ["asynchronously", later],
    ["waiting", {}],
  ])("is 202 with the same id while it is queued: %s", async (_, headers) => {
    const { ask, work, ports } = create();
    const first = await ask({ ...later, ...keyed });
    const again = await ask({ ...headers, ...keyed });
    expect([again.status, again.json]).toEqual([202, first.json]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.headers.get("location")).toBe(first.headers.get("location"));
    await work();
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("is 200 once it is sent", async () => {
    const { ask, work, ports } = create();
    const first = await ask({ ...later, ...keyed });
    await work();
    for (const headers of [later, {}]) {
      const again = await ask({ ...headers, ...keyed });
      expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"]);
      expect(again.json).toMatchObject({ message_id: first.json["message_id"], status: "sent" });
    }
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("is the problem that ended it", async () => {
    const { ask, work, ports } = create();
    ports.transport.answerWith({ ...exampleOutcomes.Refused, final: true });
    const first = await ask({ ...later, ...keyed });
    await work();
    const again = await ask({ ...later, ...keyed });
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([422, "true"]);
    expect(again.json).toMatchObject({ message_id: first.json["message_id"], message_status: "failed" });
  });

  it("says that it expired", async () => {
    const { ask, work, ports } = create();
    await ask({ ...later, ...keyed }, { ttl_seconds: 60 });
    await ports.clock.advance(60_001);
    await work();
    const again = await ask({ ...later, ...keyed }, { ttl_seconds: 60 });
    expect([again.status, again.json["message_status"]]).toEqual([500, "expired"]);
    expect(again.json["detail"]).toBe("The message expired before it could be sent.");
  });

  it("with another body is 422", async () => {
    const { ask } = create();
    await ask({ ...later, ...keyed });
    const other = await ask({ ...later, ...keyed }, { message: "Other" });
    expect([other.status, other.json["type"]]).toEqual([422, "/problems/idempotency-key-reused"]);
  });

  it("a hundred times at once is one message", async () => {
    const { ask, work, ports } = create();
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask({ ...later, ...keyed })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 409]));
    const ids = answers.flatMap(({ status, json }) => (status === 202 ? [json["message_id"]] : []));
    expect(new Set(ids).size).toBe(1);
    await work();
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("resumes a call that a crash cut off, which nothing else would", async () => {
    const { ask, ports, app } = create();
    const lost = { kind: "Ambiguous", sawSuccess: false, cause: "the process died" } as const;
    ports.transport.answerWith(lost);
    const first = await ask(keyed, { on_ambiguous: "hold" });
    const id = String(first.json["message_id"]);
    const message = (await ports.messages.find({ id }))._unsafeUnwrap();
    if (!message?.conclusion) throw new Error("the message is not concluded");
    const cutOff = { ...message, revision: message.revision + 1, policy: { ...message.policy, onAmbiguous: "resend" } };
    const next = { ...cutOff, conclusion: { ...message.conclusion, as: "cut off" } } as typeof message;
    (await ports.messages.commit({ next }))._unsafeUnwrap();
    const again = await ports.clock.runUntil(ask({ ...later, ...keyed }, { on_ambiguous: "hold" }));
    expect([again.status, again.json["message_id"]]).toEqual([200, id]);
    expect(await (await app.request(`/api/v1/messages/${id}`)).json()).toMatchObject({ attempts: { length: 2 } });
  });
});

describe("ttl_seconds", () => {
  it("of a queued message counts from the accept", async () => {
    const { ask, app, work, ports } = create();
    const { json } = await ask(later, { ttl_seconds: 2 });
    await ports.clock.advance(1999);
    await work();
    expect(await (await app.request(`/api/v1/messages/${String(json["message_id"])}/status`)).json()).toMatchObject({
      status: "sent",
    });
  });

  it.each([
    ["shortens the wait of a call", {}, { ttl_seconds: 2 }, null],
    ["is the shorter of both", { prefer: "wait=30" }, { ttl_seconds: 2 }, "wait=30"],
    ["is the longer of both", { prefer: "wait=2" }, { ttl_seconds: 3600 }, "wait=2"],
  ])("%s", async (_, headers, change, applied) => {
    const { ask, ports } = create();
    const { NotSent } = exampleOutcomes;
    ports.transport.answerWith(NotSent, NotSent, NotSent, NotSent);
    const startedMs = ports.clock.monotonicMs();
    const answer = await ports.clock.runUntil(ask(headers as Record<string, string>, change));
    expect([answer.status, answer.json["attempts"]]).toEqual([500, 2]);
    expect(answer.headers.get("preference-applied")).toBe(applied);
    expect(ports.clock.monotonicMs() - startedMs).toBeLessThan(2000);
  });
});

describe("scheduled_at", () => {
  const inMs = ({ ports }: ReturnType<typeof create>, ms: number) =>
    new Date(ports.clock.now().getTime() + ms).toISOString();

  it("queues the message, without being asked to, and sends it then", async () => {
    const test = create();
    const at = inMs(test, 60_000);
    const { status, headers, json } = await test.ask({ prefer: "wait=5" }, { scheduled_at: at });
    expect([status, headers.get("preference-applied")]).toEqual([202, null]);
    const path = `/api/v1/messages/${String(json["message_id"])}`;
    await test.work();
    expect(await (await test.app.request(path)).json()).toMatchObject({
      status: "queued",
      scheduled_at: at,
      next_attempt_at: at,
    });
    await test.ports.clock.advance(60_000);
    await test.work();
    expect(await (await test.app.request(path)).json()).toMatchObject({ status: "sent" });
  });

  it("is when ttl_seconds begins", async () => {
    const test = create();
    const { json } = await test.ask({}, { scheduled_at: inMs(test, 60_000), ttl_seconds: 5 });
    await test.ports.clock.advance(64_000);
    await test.work();
    expect(await (await test.app.request(`/api/v1/messages/${String(json["message_id"])}`)).json()).toMatchObject({
      status: "sent",
    });
  });

  it.each([
    ["the request's", 0, { ttl_seconds: 5 }, 5],
    ["that of a scheduled message", 60_000, { ttl_seconds: 77 }, 77],
    ["the server's", 60_000, {}, 3600],
  ])("the record has the time to live in effect: %s", async (_, aheadMs, fields, ttlSeconds) => {
    const test = create();
    const { json } = await test.ask(later, { ...fields, scheduled_at: inMs(test, aheadMs) });
    const record = await test.app.request(`/api/v1/messages/${String(json["message_id"])}`);
    expect(await record.json()).toMatchObject({ status: "queued", ttl_seconds: ttlSeconds });
  });

  it("the record of a resent message has the server's time to live, even if the clock was set back before the resend", async () => {
    const test = create();
    const { json } = await test.ask(later, { scheduled_at: inMs(test, 60_000), ttl_seconds: 5 });
    test.ports.transport.answerWith({ ...exampleOutcomes.Refused, final: true });
    await test.ports.clock.advance(60_000);
    await test.work();
    test.ports.clock.stepWall(-30_000);
    const path = `/api/v1/messages/${String(json["message_id"])}/resolve`;
    const resent = await test.post(JSON.stringify({ action: "resend" }), {}, path);
    expect(resent.json).toMatchObject({ status: "queued", ttl_seconds: 3600 });
  });

  it("in the past means now, and a repeat later is the same request", async () => {
    const test = create();
    const asked = { scheduled_at: inMs(test, -60_000) };
    const first = await test.ask(keyed, asked);
    await test.work();
    await test.ports.clock.advance(60_000);
    const again = await test.ask(keyed, asked);
    expect([first.status, again.status, again.json["message_id"]]).toEqual([202, 200, first.json["message_id"]]);
  });

  it("beyond the retention is named by its pointer", async () => {
    const test = create();
    const { status, json } = await test.ask(later, { scheduled_at: inMs(test, 31 * 86_400_000) });
    expect([status, json["errors"]]).toEqual([
      400,
      [{ pointer: "/scheduled_at", detail: expect.stringContaining("30 days ahead") }],
    ]);
  });
});
