import { expect, it } from "vitest";

import { type LineOptions, messageOfLine } from "./line-message.ts";
import { templateOf } from "./template-columns.ts";

const options: LineOptions = { tenant: "acme", outlet: "main", keyColumn: "idempotency_key" };
const of = (fields: Record<string, unknown>, change: Partial<LineOptions> = {}) =>
  messageOfLine({ line: 7, fields }, { ...options, ...change }, (line) => `key-${line}`);
const template = { name: "order_ready", language: "en_US" };

it("a text has the ids of the options, its recipient as conversation, and the key of its line", () => {
  expect(of({ to: "+628123456789", message: "Hello", reference: "" })).toEqual({
    message: {
      tenant_id: "acme",
      outlet_id: "main",
      conversation_id: "628123456789",
      to: "+628123456789",
      message_type: "text",
      message: "Hello",
      idempotency_key: "key-7",
      scheduled_at: undefined,
      ttl_seconds: undefined,
    },
    key: "key-7",
    problems: [],
  });
});

it("a field of the line wins over an option", () => {
  const line = {
    tenant_id: "t",
    conversation_id: "c",
    scheduled_at: "2026-01-31T00:00:00Z",
    ttl_seconds: "60",
    k: "own",
  };
  const { message } = of({ ...line, to: "+1", message: "x" }, { scheduledAt: "later", ttl: 5, keyColumn: "k" });
  expect(message).toMatchObject({
    tenant_id: "t",
    conversation_id: "c",
    scheduled_at: "2026-01-31T00:00:00Z",
    ttl_seconds: 60,
    idempotency_key: "own",
  });
});

it("a cell of another type has Meta's object as JSON", () => {
  const cell = '{"link":"https://example.com/a.png"}';
  expect(of({ message_type: "image", message: cell }).message).toMatchObject({
    message: { link: "https://example.com/a.png" },
  });
  expect(of({ message_type: "image", message: "{" }).message).toMatchObject({ message: "{" });
  expect(of({ message_type: "text", message: "{}" }).message).toMatchObject({ message: "{}" });
});

it.each<[string, Record<string, string>, object]>([
  ["none", {}, { name: "order_ready", language: { code: "en_US" } }],
  [
    "numbered ones, in the order of their numbers",
    { "10": "j", "2": "b", "1": "a" },
    { components: [{ type: "body", parameters: ["a", "b", "j"].map((text) => ({ type: "text", text })) }] },
  ],
  [
    "named ones",
    { first_name: "Anna" },
    { components: [{ type: "body", parameters: [{ type: "text", parameter_name: "first_name", text: "Anna" }] }] },
  ],
  [
    "a header, media and a button",
    { "header.image": "https://example.com/a.png", "1": "a", "button.0": "4711" },
    {
      components: [
        { type: "header", parameters: [{ type: "image", image: { link: "https://example.com/a.png" } }] },
        { type: "body", parameters: [{ type: "text", text: "a" }] },
        { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "4711" }] },
      ],
    },
  ],
])("columns are parameters of a template: %s", (_, columns, message) => {
  const made = of({ to: "+628123456789", ...columns }, { template });
  expect([made.message, made.problems]).toMatchObject([{ message_type: "template", message }, []]);
});

it.each<[Record<string, string>, Partial<LineOptions>, readonly string[]]>([
  [{ to: "+1", message: "x", colour: "blue" }, {}, ["colour is not a known field"]],
  [{ to: "+1", "1": "" }, { template }, ["1 is empty"]],
  [{ to: "+1", "First Name": "x" }, { template }, ["First Name is no field, and no parameter of a template"]],
  [{ to: "+1", message: "x" }, { template }, ["message is not allowed with --template"]],
])("%j with %j", (fields, change, problems) => {
  expect(of(fields, change).problems).toEqual(problems);
});

it.each(["order_ready", "a:b:c", ":en", "a b:en", "a:en US"])("%j names no template", (text) => {
  expect(templateOf(text)).toBeUndefined();
});
