import { beforeAll, describe, expect, it } from "vitest";

import { useAbusedServer } from "./abused-server.ts";
import { titleOf } from "./rows.ts";
import { envelope, signed } from "./webhook-bodies.ts";

const server = useAbusedServer();

/** Each list that has pages. */
const lists = ["/api/v1/webhooks"];
const refuse = (path: string) => server.expectRefusal({ method: "GET", path }, 400);

beforeAll(async () => {
  for (const event of ["A", "B", "C"]) await server.call(signed(envelope({ field: "x", value: { event } })));
});

async function cursorOf(path: string): Promise<string> {
  const { status, json } = await server.call({ method: "GET", path });
  expect(status).toBe(200);
  expect(json["next_cursor"]).toEqual(expect.any(String));
  return String(json["next_cursor"]);
}

describe.each(lists)(`${titleOf("list: malformed query")}: %s`, (list) => {
  it.each([
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
  ])("limit=%.30s", async (limit) => {
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
