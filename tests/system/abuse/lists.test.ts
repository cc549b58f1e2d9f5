import { beforeAll, describe, expect, it } from "vitest";

import { order, theirs, useAbusedServer } from "./abused-server.ts";
import { titleOf } from "./rows.ts";
import { envelope, signed } from "./webhook-bodies.ts";

const server = useAbusedServer();

/** Each list that has pages. */
const lists = ["/api/v1/webhooks", "/api/v1/messages"];
const refuse = (path: string) => server.expectRefusal({ method: "GET", path }, 400);

beforeAll(async () => {
  for (const event of ["A", "B", "C"]) await server.call(signed(envelope({ field: "x", value: { event } })));
  for (const customer of [{}, theirs]) {
    for (let number = 0; number < 3; number += 1)
      expect((await server.send({ ...order, ...customer })).status).toBe(200);
  }
});

async function cursorOf(path: string): Promise<string> {
  const { status, json } = await server.call({ method: "GET", path });
  expect(status).toBe(200);
  expect(json["next_cursor"]).toEqual(expect.any(String));
  return String(json["next_cursor"]);
}

describe.each(lists)(`${titleOf("list: malformed query")}: %s`, (list) => {
  it.each(
    [
      "-1",
      "0",
      "-0",
      "1.5",
      "1e2",
      "1e9",
      "1000000000",
      "9007199254740993",
      "99999999999999999999999999",
      "0x10",
      "010",
      "+5",
      "%205",
      "5%20",
      "5%00",
      "5%0a",
      "NaN",
      "Infinity",
      "undefined",
      "null",
      "",
      "true",
      "%D9%A5",
      "%EF%BC%95",
      "5,5",
      "[]",
      "1%20OR%201=1",
      "5".repeat(5000),
    ].map((limit) => [limit.slice(0, 30), limit]),
  )("limit=%s", async (_, limit) => {
    await refuse(`${list}?limit=${limit}`);
  });

  it("a parameter that is repeated, unknown, or in brackets", async () => {
    for (const query of [
      "limit=1&limit=1",
      "limit=1&limit=2",
      "limit[]=1",
      "limit[$gt]=1",
      "Limit=1",
      "offset=1",
      "page=1",
      "__proto__=1",
      "constructor=1",
      "__proto__[limit]=1",
      "since=2026-01-01&since=2026-01-01",
      "cursor=a&cursor=b",
    ]) {
      await refuse(`${list}?${query}`);
    }
  });

  it.each([
    "",
    "yesterday",
    "2026-02-30",
    "2026-13-01",
    "2026-01-01T00:00:00",
    "2026-01-01T25:00:00Z",
    "1763719391",
    "-1",
    "0",
    "2026-01-01'%20OR%20'1'='1",
    "+275760-09-13T00:00:00Z",
    "%2B275760-09-13T00:00:00Z",
    "-271821-04-20T00:00:00Z",
    "2026-01-01%00",
    "９".repeat(4),
  ])("since=%s", async (time) => {
    await refuse(`${list}?since=${encodeURI(time).replaceAll("%25", "%")}`);
    await refuse(`${list}?until=${encodeURI(time).replaceAll("%25", "%")}`);
  });

  it("a range that ends before it begins", async () => {
    await refuse(`${list}?since=2026-01-02&until=2026-01-01`);
    await refuse(`${list}?since=2026-01-02&until=2026-01-02`);
  });

  it("a cursor that is none", async () => {
    for (const cursor of [
      "",
      "A",
      "0",
      "-1",
      "null",
      "%00",
      "..%2f..%2f",
      "'%20OR%201=1--",
      "e30",
      "e30=",
      "bnVsbA",
      Buffer.from(JSON.stringify({ id: "x", at: 0 })).toString("base64url"),
      "A".repeat(10_000),
      "%F0%9F%98%80",
    ]) {
      await refuse(`${list}?cursor=${cursor}`);
    }
  });

  it("a cursor with any character of it changed, cut, moved or repeated", async () => {
    const cursor = await cursorOf(`${list}?limit=1`);
    expect((await server.call({ method: "GET", path: `${list}?limit=1&cursor=${cursor}` })).status).toBe(200);
    for (let at = 0; at < cursor.length; at += 1) {
      const other = cursor[at] === "A" ? "B" : "A";
      await refuse(`${list}?limit=1&cursor=${cursor.slice(0, at)}${other}${cursor.slice(at + 1)}`);
    }
    for (const changed of [
      cursor.slice(1),
      cursor.slice(0, -1),
      `${cursor}A`,
      `${cursor}=`,
      cursor + cursor,
      cursor.toUpperCase(),
    ]) {
      await refuse(`${list}?limit=1&cursor=${changed}`);
    }
  });

  it("a cursor of a list with other filters", async () => {
    const cursor = await cursorOf(`${list}?limit=1`);
    const filtered = await cursorOf(`${list}?limit=1&since=2020-01-01`);
    await refuse(`${list}?limit=1&since=2020-01-01&cursor=${cursor}`);
    await refuse(`${list}?limit=1&cursor=${filtered}`);
    await refuse(`${list}?limit=1&since=2020-01-02&cursor=${filtered}`);
  });
});

describe(`${titleOf("list: malformed query")}: the filters of messages`, () => {
  const list = "/api/v1/messages";

  it.each(
    [
      "tenant_id=..",
      "tenant_id=",
      "tenant_id=a%2fb",
      "tenant_id=a%00",
      "tenant_id[]=tenant-ours",
      "tenant_id=tenant-ours&tenant_id=tenant-theirs",
      "tenant_id=tenant-ours,tenant-theirs/",
      "outlet_id=*/",
      "conversation_id=%27%20OR%20%271%27=%271",
      "status=hologram",
      "status=SENT",
      "status=",
      "status=sent,failed",
      "status=__proto__",
      "to=628123456789",
      "to=%2B0123",
      "to=%2B62%25",
      "to=%EF%BC%8B628123456789",
      "to=%2B628123456789%00",
      `reference=${"r".repeat(256)}`,
      "whatsapp_message_id=a%20b",
      "whatsapp_message_id=",
      `whatsapp_message_id=${"w".repeat(513)}`,
      "idempotency_key=a%20b&tenant_id=tenant-ours",
      `idempotency_key=${"k".repeat(256)}&tenant_id=tenant-ours`,
      "idempotency_key=order-4711",
    ].map((query) => [query.slice(0, 60), query]),
  )("%s", async (_, query) => {
    await refuse(`${list}?${query}`);
  });

  it("a cursor of another tenant, or of all of them", async () => {
    const bearer = { authorization: `Bearer ${server.ourKey}` };
    const ofAll = await cursorOf(`${list}?limit=1`);
    const ofTheirs = await cursorOf(`${list}?limit=1&tenant_id=${theirs.tenant_id}`);
    for (const cursor of [ofAll, ofTheirs]) {
      for (const filter of ["", `&tenant_id=${order.tenant_id}`]) {
        const path = `${list}?limit=1${filter}&cursor=${cursor}`;
        await server.expectRefusal({ method: "GET", path, headers: bearer }, 400);
      }
    }
  });

  it("a tenant that the key may not see, or that does not exist: 404 for both, and its list holds its own", async () => {
    const headers = { authorization: `Bearer ${server.ourKey}` };
    const answers = new Set<string>();
    for (const tenant of [theirs.tenant_id, "tenant-of-nobody"]) {
      const path = `${list}?tenant_id=${tenant}`;
      const { json } = await server.expectRefusal({ method: "GET", path, headers }, 404);
      answers.add(JSON.stringify({ ...json, instance: "" }));
    }
    expect(answers.size).toBe(1);
    const { json, text } = await server.call({ method: "GET", path: list, headers });
    expect(json["messages"]).toHaveLength(3);
    expect(text).not.toContain(theirs.tenant_id);
  });
});
