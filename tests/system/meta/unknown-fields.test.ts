import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { graphBodyOf, type Json, type MetaExample, metaExamples, sendRequestOf } from "./published-examples.ts";
import { jsonValues } from "../../support/json-values.ts";
import { type RunningService, startService } from "../../support/running-service.ts";
import { runs } from "../../support/long-form.ts";

const sends = metaExamples("message-request-examples").filter(({ body }) => body["status"] !== "read");
const to = "+6281234567890";

let service: RunningService;
beforeAll(async () => {
  service = await startService({ isShared: true });
});
afterAll(() => service.close());

/** The value with an additional field in each of its objects, at every level. */
function extended(value: unknown, field: Json): unknown {
  if (Array.isArray(value)) return value.map((item) => extended(item, field));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([key, inner]) => [key, extended(inner, field)]);
  return { ...Object.fromEntries(fields), ...field };
}

function extendedExample({ name, raw, body }: MetaExample, field: Json): MetaExample {
  const { context, ...rest } = body;
  const fields = Object.entries(rest).map(([key, inner]) => [key, extended(inner, field)]);
  return { name, raw, body: { ...Object.fromEntries(fields), ...(context !== undefined && { context }) } };
}

/** Any JSON except the forbidden keys, numbers that JSON.parse changes, and the line ending that we change. */
const newField = fc
  .record({ key: fc.string({ maxLength: 20 }), value: jsonValues({ maxDepth: 2 }).filter(isExact) })
  .filter(({ key }) => !key.includes("\\"))
  .map(({ key, value }) => JSON.stringify({ [`new_${key}`]: value }))
  .filter((json) => !json.includes("__proto__") && !json.includes("\\r\\n"))
  .map((json) => JSON.parse(json) as Json);

function isExact(value: unknown): boolean {
  if (typeof value === "number") return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return typeof value !== "object" || value === null || Object.values(value).every(isExact);
}

/** A field that is null counts as absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([key, field]) => [key, withoutNulls(field)]));
}

describe("a field that Meta adds after this release", () => {
  it.each(sends)("passes in every object of $name", async (example) => {
    const { send, sandbox } = service;
    const check = fc.asyncProperty(newField, async (field) => {
      const newer = extendedExample(example, field);
      const { status, body } = await send(sendRequestOf(newer, to));
      expect(status, JSON.stringify(body)).toBe(200);
      expect(sandbox.graph.requests.at(-1)?.body).toEqual({
        ...(withoutNulls(graphBodyOf(newer)) as Json),
        to,
        biz_opaque_callback_data: expect.any(String),
      });
    });
    await fc.assert(check, runs(16));
  });
});

describe("beside Meta's object", () => {
  const fields = [
    "new_field",
    "template",
    "recipient_type",
    "context",
    "biz_opaque_callback_data",
    "messaging_product",
  ];

  it.each(sends)("$name accepts no unknown field", async (example) => {
    const { send, sandbox } = service;
    sandbox.reset();
    const unknown = Object.fromEntries(fields.map((field) => [field, "x"]));
    const { status, body } = await send({ ...sendRequestOf(example, to), ...unknown });
    expect([status, body["type"]]).toEqual([400, "/problems/invalid-request"]);
    const refused = fields.map((field) => ({ pointer: `/${field}`, detail: "is not a known field" }));
    expect(body["errors"]).toEqual(expect.arrayContaining(refused));
    expect(sandbox.graph.requests).toHaveLength(0);
  });
});
