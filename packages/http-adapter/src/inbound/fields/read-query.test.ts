import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { limitParameter, sinceParameter, untilParameter } from "./query-fields.ts";
import { readQuery } from "./read-query.ts";

const schema = z.object({
  name: z.string().optional(),
  since: sinceParameter.optional(),
  until: untilParameter.optional(),
  limit: limitParameter(100, 50),
});

async function read(query: string): Promise<unknown> {
  const app = new Hono().get("/", (c) =>
    readQuery(c, schema).match(
      (value) => c.json(value),
      ({ errors = [] }) => c.json(errors.map(({ pointer, detail }) => `${pointer} ${detail}`)),
    ),
  );
  return (await app.request(`/?${query}`)).json();
}

const rule = "must be a date, or a date and time with an offset, as RFC 3339 writes them";

describe("a query", () => {
  it.each([
    ["", { limit: 50 }],
    ["limit=1&name=x", { limit: 1, name: "x" }],
    ["since=2026-01-31", { limit: 50, since: "2026-01-31T00:00:00.000Z" }],
    ["since=2024-02-29T23:59:59.5Z", { limit: 50, since: "2024-02-29T23:59:59.500Z" }],
    ["until=2026-01-01T07:00:00%2B07:00", { limit: 50, until: "2026-01-01T00:00:00.000Z" }],
    ["until=2026-01-01T07:00:00+07:00", { limit: 50, until: "2026-01-01T00:00:00.000Z" }],
  ])("%s", async (query, expected) => {
    expect(await read(query)).toEqual(expected);
  });

  it.each([
    ["limit=0", "/limit must be a whole number from 1 to 100"],
    ["limit=101", "/limit must be a whole number from 1 to 100"],
    ["limit=-1", "/limit must be a whole number from 1 to 100"],
    ["limit=1e1", "/limit must be a whole number from 1 to 100"],
    ["limit=NaN", "/limit must be a whole number from 1 to 100"],
    ["limit=", "/limit must be a whole number from 1 to 100"],
    ["limit=%D9%A1", "/limit must be a whole number from 1 to 100"],
    ["limit=1&limit=1", "/limit is given more than once"],
    ["other=1", "/other is not a known field"],
    ["__proto__=1", "/__proto__ is not a known field"],
    ["since=2026-02-30", `/since ${rule}`],
    ["since=yesterday", `/since ${rule}`],
    ["since=", `/since ${rule}`],
    ["since=1763719391", `/since ${rule}`],
    ["until=2026-01-01T00:00:00", `/until ${rule}`],
    ["until=%2B275760-09-13T00:00:00Z", `/until ${rule}`],
  ])("with an error: %s", async (query, expected) => {
    expect(await read(query)).toEqual([expected]);
  });

  it("names all its errors", async () => {
    expect(await read("limit=x&since=x&a=1&name=1&name=2")).toHaveLength(4);
  });
});
