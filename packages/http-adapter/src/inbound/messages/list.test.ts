import { errAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { createTestApp, order } from "../../../test/app.ts";
import type { AccessCheck } from "../access/access.ts";

const [mine, foreign] = ["tenant-a", "tenant-b"];
let test: ReturnType<typeof createTestApp>;

/** A caller names the tenants that it may see in a header. */
const access: AccessCheck = (request) => {
  const tenants = request.headers.get("x-tenants") ?? "all";
  return { tenants: tenants === "all" ? "all" : tenants.split(","), scopes: ["read", "send"] };
};

beforeEach(() => {
  test = createTestApp({ access });
});

async function send(fields: object = {}, headers: Record<string, string> = {}): Promise<string> {
  const answer = await test.post(JSON.stringify({ ...order, tenant_id: mine, ...fields }), headers);
  await test.ports.clock.advance(1000);
  return String(answer.json["message_id"]);
}

async function get(query: string, tenants = "all") {
  const headers = { "x-tenants": tenants, "x-request-id": "r" };
  const answer = await test.app.request(`/api/v1/messages${query}`, { headers });
  const json = (await answer.json()) as Record<string, unknown>;
  return { status: answer.status, json, text: JSON.stringify(json) };
}

async function idsOf(query: string, tenants = "all"): Promise<unknown> {
  const { json } = await get(query, tenants);
  return (json["messages"] as { message_id: string }[] | undefined)?.map(({ message_id }) => message_id) ?? json;
}

async function pointersOf(query: string, tenants = "all"): Promise<readonly string[]> {
  const { status, json } = await get(query, tenants);
  expect([status, json["type"]]).toEqual([400, "/problems/invalid-request"]);
  return (json["errors"] as { pointer: string }[]).map(({ pointer }) => pointer);
}

describe("the list of messages", () => {
  it("has the records of messages, the newest first", async () => {
    const [first, second] = [await send(), await send({ tenant_id: foreign, reference: "order-2" })];
    const { json } = await get("");
    const record = async (id: string) => (await test.app.request(`/api/v1/messages/${id}`)).json();
    expect(json).toEqual({ messages: [await record(second), await record(first)], next_cursor: null });
  });

  it("finds a reference of 255 characters, counted as code points", async () => {
    const reference = "👍".repeat(255);
    const found = await send({ reference });
    expect(await idsOf(`?reference=${encodeURIComponent(reference)}`)).toEqual([found]);
    const refused = await test.send({ ...order, reference: `${reference}x` });
    expect(refused.json).toMatchObject({ status: 400, errors: [{ pointer: "/reference" }] });
  });

  it("filters by every parameter", async () => {
    const others = await send({ tenant_id: foreign, outlet_id: "o2", conversation_id: "c2", to: "US.1349" });
    const before = test.ports.clock.now().toISOString();
    const found = await send({ reference: "order 1 & more" }, { "idempotency-key": "key-1" });
    const after = test.ports.clock.now().toISOString();
    const [record] = (await get(`?tenant_id=${mine}`)).json["messages"] as Record<string, unknown>[];
    for (const query of [
      `tenant_id=${mine}`,
      `outlet_id=${order.outlet_id}`,
      `conversation_id=${order.conversation_id}`,
      `tenant_id=${mine}&status=sent`,
      `to=${encodeURIComponent(order.to)}`,
      `to=${order.to}`,
      `reference=${encodeURIComponent("order 1 & more")}`,
      `whatsapp_message_id=${encodeURIComponent(String(record?.["whatsapp_message_id"]))}`,
      `tenant_id=${mine}&idempotency_key=key-1`,
      `since=${before}`,
      `since=${before}&until=${after}`,
    ]) {
      expect(await idsOf(`?${query}`), query).toEqual([found]);
    }
    expect(await idsOf(`?until=${before}`)).toEqual([others]);
    expect(await idsOf("?status=failed")).toEqual([]);
  });

  it("comes in pages", async () => {
    const ids = [await send(), await send(), await send()];
    const first = await get("?limit=2");
    expect(first.json["messages"]).toHaveLength(2);
    const cursor = String(first.json["next_cursor"]);
    expect(await idsOf(`?limit=2&cursor=${cursor}`)).toEqual([ids[0]]);
    expect(cursor).toMatch(/^[\w-]+$/);
  });

  it("has nothing of tenants that the caller may not see", async () => {
    const [own] = [await send(), await send({ tenant_id: foreign })];
    expect(await idsOf("", mine)).toEqual([own]);
    expect(await idsOf("?limit=1", `${mine},tenant-c`)).toEqual([own]);
    expect(await idsOf("", "tenant-c")).toEqual([]);
    const [known, unknown] = [await get(`?tenant_id=${foreign}`, mine), await get("?tenant_id=nobody", mine)];
    expect([known.status, known.text]).toEqual([404, unknown.text]);
    const { json } = await get(`?tenant_id=${foreign}`);
    const [{ whatsapp_message_id: wamid }] = json["messages"] as [{ whatsapp_message_id: string }];
    expect(await idsOf(`?whatsapp_message_id=${encodeURIComponent(wamid)}`, mine)).toEqual([]);
  });

  it("refuses a cursor that was changed, or belongs to another tenant or list", async () => {
    for (let count = 0; count < 2; count += 1) await send();
    const cursor = String((await get(`?limit=1&tenant_id=${mine}`)).json["next_cursor"]);
    for (const [query, tenants] of [
      [`tenant_id=${mine}&status=sent&cursor=${cursor}`, "all"],
      [`cursor=${cursor}`, "all"],
      [`cursor=${cursor}`, foreign],
      [`tenant_id=${foreign}&cursor=${cursor}`, foreign],
      [`tenant_id=${mine}&cursor=${cursor}0`, mine],
      [`tenant_id=${mine}&cursor=`, mine],
    ] as const) {
      expect(await pointersOf(`?${query}`, tenants)).toEqual(["/cursor"]);
    }
    expect(await idsOf(`?cursor=${cursor}`, mine)).toHaveLength(1);
  });

  it.each([
    ["limit=-1", "/limit"],
    ["limit=0", "/limit"],
    ["limit=1e9", "/limit"],
    ["limit=101", "/limit"],
    ["limit=NaN", "/limit"],
    ["limit=1&limit=1", "/limit"],
    ["limit=", "/limit"],
    ["tenant_id=", "/tenant_id"],
    ["tenant_id=a&tenant_id=b", "/tenant_id"],
    ["status=gone", "/status"],
    ["status=Sent", "/status"],
    ["to=0812", "/to"],
    [`reference=${"x".repeat(256)}`, "/reference"],
    ["whatsapp_message_id=", "/whatsapp_message_id"],
    ["idempotency_key=key-1", "/idempotency_key"],
    ["tenant_id=a&idempotency_key=%C3%A9", "/idempotency_key"],
    ["since=yesterday", "/since"],
    ["since=2026-01-02&until=2026-01-02", "/until"],
    ["sort=asc", "/sort"],
  ])("answers 400 to %s", async (query, pointer) => {
    expect(await pointersOf(`?${query}`)).toEqual([pointer]);
  });

  it("is unavailable while the store is", async () => {
    Object.assign(test.ports.messages, { list: () => errAsync({ kind: "Unavailable", reason: "gone" }) });
    expect(await get("")).toMatchObject({ status: 503, json: { type: "/problems/unavailable" } });
  });
});
