import { errAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { createTestApp, order } from "../../../test/app.ts";
import type { AccessCheck } from "../access/access.ts";

const mine = order.tenant_id;
let test: ReturnType<typeof createTestApp>;

/** A caller names the tenants that it may see in a header. */
const access: AccessCheck = (request) => {
  const tenants = request.headers.get("x-tenants") ?? "all";
  return {
    tenants: tenants === "all" ? "all" : tenants.split(","),
    scopes: ["read", "send", "admin"],
    caller: "key_1",
  };
};

beforeEach(() => {
  test = createTestApp({ access });
});

const pause = (body: object, tenants = "all") =>
  test.post(JSON.stringify({ reason: "The shop moves.", ...body }), { "x-tenants": tenants }, "/api/v1/pauses");

async function ask(method: "GET" | "DELETE", id = "", tenants = "all") {
  const path = `/api/v1/pauses${id && `/${encodeURIComponent(id)}`}`;
  const answer = await test.app.request(path, { method, headers: { "x-tenants": tenants, "x-request-id": "r" } });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

async function idsOf(tenants = "all"): Promise<ReadonlySet<unknown>> {
  const { json } = await ask("GET", "", tenants);
  return new Set((json["pauses"] as { id: unknown }[]).map(({ id }) => id));
}

describe("a pause", () => {
  it("refuses waiting sends with its reason and holds queued ones, until it is ended", async () => {
    const until = new Date(test.ports.clock.now().getTime() + 60_000).toISOString();
    const { status, json } = await pause({ tenant_id: mine, outlet_id: order.outlet_id, until });
    expect([status, json]).toEqual([
      201,
      {
        id: `outlet:${mine}:${order.outlet_id}`,
        kind: "outlet",
        tenant_id: mine,
        outlet_id: order.outlet_id,
        owner: "operator",
        until,
        reason: "The shop moves.",
        paused_by: "key_1",
        paused_at: test.ports.clock.now().toISOString(),
      },
    ]);
    const refused = await test.send(order);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "60"]);
    expect(refused.json["detail"]).toContain("The shop moves.");
    const queued = await test.post(JSON.stringify(order), { prefer: "respond-async" });
    expect(queued.status).toBe(202);
    await test.ports.clock.runUntil(test.sender.tick());
    expect(test.ports.transport.submissions).toEqual([]);
    expect(await ask("DELETE", String(json["id"]))).toEqual({ status: 200, json });
    expect(await idsOf()).toEqual(new Set());
    expect((await test.send(order)).status).toBe(200);
  });

  it.each<[string, object, object]>([
    ["a tenant", { tenant_id: mine }, { kind: "tenant", tenant_id: mine }],
    ["a number", { phone_number_id: "1065" }, { kind: "number", phone_number_id: "1065" }],
    ["a template by name", { template: "order_ready" }, { kind: "template", template: { name: "order_ready" } }],
    [
      "a template in one language, with nulls elsewhere",
      { template: { name: "order_ready", language: "en_US" }, tenant_id: null, until: null },
      { kind: "template", template: { name: "order_ready", language: "en_US" } },
    ],
  ])("of %s", async (_, body, shown) => {
    const { status, json } = await pause(body);
    expect([status, json]).toMatchObject([201, shown]);
    expect((await ask("DELETE", String(json["id"]))).status).toBe(200);
  });

  it("of a tenant's own key concerns its messages alone, and is its own to end", async () => {
    const operators = await pause({ tenant_id: mine });
    const own = await pause({ tenant_id: mine, phone_number_id: "1065" }, mine);
    expect([own.status, own.json["owner"], own.json["tenant_id"]]).toEqual([201, "tenant", mine]);
    await pause({ tenant_id: "theirs" });
    expect(await idsOf(mine)).toEqual(new Set([operators.json["id"], own.json["id"]]));
    expect((await ask("DELETE", String(operators.json["id"]), mine)).status).toBe(404);
    expect((await ask("DELETE", "tenant:theirs", mine)).json).toEqual((await ask("DELETE", "tenant:none", mine)).json);
    expect((await ask("DELETE", String(own.json["id"]), mine)).status).toBe(200);
    const foreign = await pause({ tenant_id: "theirs" }, mine);
    expect([foreign.status, foreign.json["type"]]).toEqual([404, "/problems/not-found"]);
  });
});

describe("a pause is refused", () => {
  it.each<[string, object, string]>([
    ["of nothing", {}, ""],
    ["of two things", { tenant_id: mine, outlet_id: "a", template: "b" }, ""],
    ["of an outlet without its tenant", { outlet_id: "a" }, "/outlet_id"],
    ["of a template whose name climbs", { template: "../me" }, "/template/name"],
    ["of a template that is a list", { template: ["a"] }, "/template"],
    ["of a language that is none", { template: { name: "a", language: "en US" } }, "/template/language"],
    ["with a field that is not known", { tenant_id: mine, colour: 1 }, "/colour"],
    ["until a time that has passed", { tenant_id: mine, until: "2020-01-01T00:00:00Z" }, "/until"],
    ["until a time without an offset", { tenant_id: mine, until: "2099-01-01T00:00:00" }, "/until"],
    ["until a number", { tenant_id: mine, until: 5 }, "/until"],
    ["without a reason", { tenant_id: mine, reason: null }, "/reason"],
    ["with a blank reason", { tenant_id: mine, reason: " " }, "/reason"],
    ["with a reason of 501 characters", { tenant_id: mine, reason: "x".repeat(501) }, "/reason"],
    ["with a control character", { tenant_id: mine, reason: "a\u001Bb" }, "/reason"],
    ["of a tenant that is no identifier", { tenant_id: "a/b" }, "/tenant_id"],
  ])("%s", async (_, body, pointer) => {
    const { status, json } = await pause(body);
    expect([status, json["type"]]).toEqual([400, "/problems/invalid-request"]);
    expect((json["errors"] as { pointer: string }[])[0]?.pointer).toBe(pointer);
    expect(await idsOf()).toEqual(new Set());
  });

  it("of every tenant's number, with a key of one", async () => {
    const { status, json } = await pause({ phone_number_id: "1065" }, mine);
    expect([status, json["errors"]]).toEqual([
      400,
      [{ pointer: "/tenant_id", detail: "is required if a tenant pauses" }],
    ]);
  });

  it("while the store is unavailable", async () => {
    Object.assign(test.ports.pauses, { add: () => errAsync({ kind: "Unavailable", reason: "away" }) });
    expect((await pause({ tenant_id: mine })).status).toBe(503);
  });
});
