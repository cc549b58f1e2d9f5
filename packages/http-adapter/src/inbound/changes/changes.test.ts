import { exampleOutcomes } from "@message-sender/core/contracts";
import { errAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { createTestApp, order } from "../../../test/app.ts";
import type { AccessCheck } from "../access/access.ts";

const [mine, foreign] = ["tenant-a", "tenant-b"];
const refused = { ...exampleOutcomes.Refused, final: true };
const lost = { kind: "Ambiguous", sawSuccess: false, cause: "connection reset" } as const;
let test: ReturnType<typeof createTestApp>;

/** A caller names the tenants that it may see in a header. */
const access: AccessCheck = (request) => {
  const tenants = request.headers.get("x-tenants") ?? "all";
  return { tenants: tenants === "all" ? "all" : tenants.split(","), scopes: ["read", "send", "admin"] };
};

beforeEach(() => {
  test = createTestApp({ access });
});

async function queue(fields: object = {}): Promise<string> {
  const { json } = await test.post(JSON.stringify({ ...order, tenant_id: mine, ...fields }), {
    prefer: "respond-async",
  });
  return String(json["message_id"]);
}

async function send(fields: object = {}): Promise<string> {
  const sending = test.post(JSON.stringify({ ...order, tenant_id: mine, ...fields }));
  return String((await test.ports.clock.runUntil(sending)).json["message_id"]);
}

async function statusOf(id: string): Promise<unknown> {
  return ((await (await test.app.request(`/api/v1/messages/${id}/status`)).json()) as { status: unknown }).status;
}

function call(path: string, body?: object, tenants = "all") {
  return test.post(body ? JSON.stringify(body) : "", { "x-tenants": tenants }, `/api/v1/messages/${path}`);
}

describe("POST /messages/:messageId/cancel", () => {
  it("withdraws a queued message and answers its record; again, the same", async () => {
    const id = await queue();
    const { status, json } = await call(`${id}/cancel`);
    expect([status, json]).toMatchObject([200, { message_id: id, status: "canceled", conclusion: { as: "canceled" } }]);
    expect(await call(`${id}/cancel`)).toMatchObject({ status: 200, json });
    await test.ports.clock.runUntil(test.sender.tick());
    expect(test.ports.transport.submissions).toEqual([]);
  });

  it.each([
    [
      "a message that was sent from the queue",
      async () => {
        const id = await queue();
        await test.ports.clock.runUntil(test.sender.tick());
        return id;
      },
      "Only a queued message can be canceled. This message is sent.",
    ],
    [
      "a message that a call sent",
      () => send(),
      "Only a message in the queue can be canceled. A call sends or sent this message, which is sent.",
    ],
  ])("%s: 409", async (_, make, detail) => {
    const id = await make();
    const { status, json } = await call(`${id}/cancel`);
    expect([status, json]).toMatchObject([
      409,
      { type: "/problems/conflict", detail, message_id: id, message_status: "sent" },
    ]);
  });

  it("a message of another tenant, or none: 404, the same answer", async () => {
    const id = await queue({ tenant_id: foreign });
    const [theirs, none] = [await call(`${id}/cancel`, undefined, mine), await call("nothing/cancel", undefined, mine)];
    expect([theirs.status, { ...theirs.json, instance: "" }]).toEqual([404, { ...none.json, instance: "" }]);
    expect(await statusOf(id)).toBe("queued");
    expect((await call("..%2f/cancel")).status).toBe(404);
  });

  it("says what a repeat means while the store is unavailable", async () => {
    const id = await queue();
    Object.assign(test.ports.messages, { commit: () => errAsync({ kind: "Unavailable", reason: "away" }) });
    const { status, json } = await call(`${id}/cancel`);
    expect([status, json["detail"]]).toEqual([503, expect.stringContaining("may have been changed")]);
  });
});

describe("POST /messages/cancel", () => {
  it("withdraws what matches every filter, and counts it", async () => {
    const ids = await Promise.all([queue(), queue({ reference: "r-1" }), queue({ tenant_id: foreign })]);
    const filters = { tenant_id: mine, reference: "r-1", outlet_id: null, since: "2020-01-01" };
    const { status, json } = await call("cancel", filters);
    expect([status, json]).toEqual([200, { matched: 1, changed: 1, next_cursor: null }]);
    expect(await Promise.all(ids.map(statusOf))).toEqual(["queued", "canceled", "queued"]);
    expect((await call("cancel", filters)).json).toEqual({ matched: 0, changed: 0, next_cursor: null });
  });

  it("with dry_run counts only", async () => {
    const id = await queue();
    expect((await call("cancel", { tenant_id: mine, dry_run: true })).json).toMatchObject({ matched: 1, changed: 0 });
    expect(await statusOf(id)).toBe("queued");
  });

  it("logs its filter, and whether it was a dry run, without what the caller wrote of a recipient or of its own", async () => {
    await queue({ reference: "r-1" });
    const filters = { tenant_id: mine, to: order.to, reference: "r-1", outlet_id: null, since: "2020-01-01" };
    test.lines.length = 0;
    for (const dry_run of [true, false]) await call("cancel", { ...filters, dry_run });
    const filter = { tenant_id: mine, to: "given", reference: "given", since: "2020-01-01T00:00:00.000Z" };
    const line = { path: "/api/v1/messages/cancel", action: "cancel", filter };
    expect(test.lines.map(({ fields }) => fields)).toEqual([
      expect.objectContaining({ ...line, dry_run: true, matched: 1, changed: 0 }),
      expect.objectContaining({ ...line, dry_run: false, matched: 1, changed: 1 }),
    ]);
    expect(JSON.stringify(test.lines)).not.toMatch(/r-1|628123456789/);
  });

  it.each([
    ["cancel", {}, "cancel"],
    ["resolve", { action: "resend" }, "resend"],
  ])("logs the filter also if the caller may not see the tenant: %s", async (what, body, action) => {
    await call(what, { tenant_id: foreign, ...body }, mine);
    expect(test.lines).toMatchObject([{ fields: { http_status: 404, action, filter: { tenant_id: foreign } } }]);
  });

  it("reaches only the tenants of the caller, named or not", async () => {
    const [own, theirs] = [await queue(), await queue({ tenant_id: foreign })];
    const named = await call("cancel", { tenant_id: foreign }, mine);
    expect([named.status, named.json["type"]]).toEqual([404, "/problems/not-found"]);
    expect((await call("cancel", { to: order.to }, mine)).json).toMatchObject({ matched: 1, changed: 1 });
    expect([await statusOf(own), await statusOf(theirs)]).toEqual(["canceled", "queued"]);
  });
});

describe("POST /messages/resolve", () => {
  it("resends what failed or is unknown, or one of both", async () => {
    test.ports.transport.answerWith(refused, lost);
    const failed = await send();
    const unknown = await send({ on_ambiguous: "hold" });
    expect((await call("resolve", { action: "resend", tenant_id: mine, status: "failed" })).json).toMatchObject({
      matched: 1,
      changed: 1,
    });
    expect([await statusOf(failed), await statusOf(unknown)]).toEqual(["queued", "unknown"]);
    expect((await call("resolve", { action: "resend", tenant_id: mine })).json).toMatchObject({ changed: 1 });
    expect(await statusOf(unknown)).toBe("queued");
  });

  it("logs what it did, of one message too", async () => {
    test.ports.transport.answerWith(lost, lost);
    const [first] = [await send({ on_ambiguous: "hold" }), await send({ on_ambiguous: "hold" })];
    test.lines.length = 0;
    await call(`${first}/resolve`, { action: "abandon" });
    await call("resolve", { action: "abandon", status: "unknown" });
    expect(test.lines).toMatchObject([
      { fields: { path: `/api/v1/messages/${first}/resolve`, action: "abandon" } },
      { fields: { action: "abandon", filter: { status: "unknown" }, dry_run: false, matched: 1, changed: 1 } },
    ]);
  });

  it("abandons what is unknown", async () => {
    test.ports.transport.answerWith(lost);
    const id = await send({ on_ambiguous: "hold" });
    expect((await call("resolve", { action: "abandon", to: order.to })).json).toMatchObject({ changed: 1 });
    expect(await statusOf(id)).toBe("failed");
  });

  it("says in its answer that the quota ended, with when to go on", async () => {
    test.ports.transport.answerWith(lost, refused);
    await send({ on_ambiguous: "hold" });
    await send();
    for (let second = 0; second < 8; second += 1) {
      await test.ports.clock.advance(1000);
      await test.sender.tick();
    }
    Object.assign(test.ports.quota, { reserve: () => errAsync({ kind: "QuotaExceeded" }) });
    const { status, json } = await call("resolve", { action: "resend", tenant_id: mine });
    expect([status, json]).toMatchObject([
      200,
      { changed: 1, next_cursor: "1.", problem: { type: "/problems/quota-exceeded", retry_after_seconds: 60 } },
    ]);
    const again = await call("resolve", { action: "resend", tenant_id: mine, cursor: json["next_cursor"] });
    expect([again.status, again.json["type"]]).toEqual([429, "/problems/quota-exceeded"]);
  });
});

it("whose key changed a message is recorded in it, one or many", async () => {
  test = createTestApp({ access: () => ({ tenants: "all", scopes: ["send", "admin"], caller: "key_1" }) });
  const find = async (id: string) => (await test.sender.find(id))._unsafeUnwrap();
  const [one, many] = [await queue(), await queue({ conversation_id: "other" })];
  const answer = await call(`${one}/cancel`);
  expect([answer.status, answer.json["conclusion"]]).toMatchObject([200, { as: "canceled", by: "key_1" }]);
  expect((await call("cancel", { conversation_id: "other" })).status).toBe(200);
  for (const id of [one, many]) expect((await find(id)).conclusion).toMatchObject({ as: "canceled", by: "key_1" });
  test.ports.transport.answerWith(lost, refused);
  const [unknown, failed] = [await send({ on_ambiguous: "hold" }), await send({ conversation_id: "failed" })];
  const abandoned = await call(`${unknown}/resolve`, { action: "abandon" });
  expect([abandoned.status, abandoned.json["conclusion"]]).toMatchObject([200, { as: "abandoned", by: "key_1" }]);
  expect((await find(unknown)).conclusion).toMatchObject({ as: "abandoned", by: "key_1" });
  expect((await call("resolve", { action: "resend", conversation_id: "failed" })).json).toMatchObject({ changed: 1 });
  expect((await find(failed)).resends).toMatchObject([{ by: "key_1" }]);
});

describe("a change of many messages is refused", () => {
  it.each<[string, object, string]>([
    ["without a filter", {}, ""],
    ["with filters that are null", { tenant_id: null, to: null }, ""],
    ["with a dry_run alone", { dry_run: true }, ""],
    ["with an unknown field", { tenant_id: mine, colour: 1 }, "/colour"],
    ["with a limit, which is not theirs", { tenant_id: mine, limit: 5 }, "/limit"],
    ["with a status that it does not change", { status: "sent" }, "/status"],
    ["with a tenant that is no identifier", { tenant_id: "a/b" }, "/tenant_id"],
    ["with a number that is not E.164", { to: " 628123456789" }, "/to"],
    ["with a time that is none", { since: "yesterday" }, "/since"],
    ["with times in the wrong order", { since: "2026-01-02", until: "2026-01-01" }, "/until"],
    ["with a key without its tenant", { idempotency_key: "order-1" }, "/idempotency_key"],
    ["with a cursor that is not its own", { tenant_id: mine, cursor: "x" }, "/cursor"],
    ["with a cursor that is a number", { tenant_id: mine, cursor: 5 }, "/cursor"],
    ["with a dry_run in a string", { tenant_id: mine, dry_run: "true" }, "/dry_run"],
  ])("%s", async (_, body, pointer) => {
    const id = await queue();
    for (const [path, fields] of [
      ["cancel", body],
      ["resolve", { action: "resend", ...body }],
    ] as const) {
      const { status, json } = await call(path, fields);
      expect([status, json["type"]]).toEqual([400, "/problems/invalid-request"]);
      expect((json["errors"] as { pointer: string }[])[0]?.pointer).toBe(pointer);
    }
    expect(await statusOf(id)).toBe("queued");
  });

  it("without an action, or with one that its status does not allow", async () => {
    const pointersOf = async (body: object) =>
      ((await call("resolve", body)).json["errors"] as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(await pointersOf({ tenant_id: mine })).toEqual(["/action"]);
    expect(await pointersOf({ action: "abandon", status: "failed" })).toEqual(["/status"]);
  });

  it("without the scope", async () => {
    test = createTestApp({ access: () => ({ tenants: "all", scopes: ["send", "read"] }) });
    for (const path of ["cancel", "resolve", "m-1/cancel", "m-1/resolve"]) {
      expect((await call(path, { action: "resend", tenant_id: mine })).status).toBe(403);
    }
  });
});
