import { parseContent } from "@message-sender/core/content";
import fc from "fast-check";
import { expect, it } from "vitest";

import { anyText } from "../../../../../tests/support/any-text.ts";
import { order } from "../../../test/app.ts";
import { runs } from "../../../../../tests/support/long-form.ts";
import { plainSendOf } from "./plain-send.ts";
import { sendBody } from "./send-body.ts";

const odd = fc.oneof(
  fc.constantFrom(null, undefined, 0, true, "", ".", "..", "a/b", "\0", "\ud800", [], {}, ["text"], { body: "a" }),
  anyText({ maxLength: 5 }),
  fc.constant("a".repeat(129)),
  fc.constant("a".repeat(256)),
);

const required = {
  tenant_id: fc.constant(order.tenant_id),
  outlet_id: fc.constantFrom(order.outlet_id, "o~1"),
  conversation_id: fc.constant(order.conversation_id),
  to: fc.constantFrom("+628123456789", "US.ENT.abc", "US.1349"),
  message: fc.oneof(anyText({ minLength: 1 }), fc.constantFrom("a\r\nb", " ", "\u200b", "a\rb", "😀")),
  message_type: fc.constant("text"),
};

const optional = {
  reference: fc.oneof(fc.string(), odd),
  reply_to: fc.constantFrom("wamid.x", null),
  on_ambiguous: fc.constantFrom("hold", null),
  via: fc.constantFrom("cloud", null),
  ttl_seconds: fc.constantFrom(null, 5),
  colour: odd,
};

const fieldNames = Object.keys(required) as (keyof typeof required)[];

/** A valid body, to which at most one thing is done: two mistakes would hide each other. */
const bodies = fc.oneof(
  fc.record(required),
  fc
    .tuple(fc.record(required), fc.constantFrom(...fieldNames), odd)
    .map(([body, name, value]) => ({ ...body, [name]: value })),
  fc
    .tuple(fc.record(required), fc.record(optional, { requiredKeys: [] }))
    .map(([body, more]) => ({ ...body, ...more })),
  fc.tuple(fc.record(required), fc.constantFrom(...fieldNames)).map(([body, name]) => {
    const { [name]: _, ...others } = body;
    return others;
  }),
);

/** A field that is undefined makes `parseContent` ask the schema. */
const bySchema = (message: unknown) => parseContent("text", { body: message, preview_url: undefined });

it("takes only bodies that the schemas accept, and makes of them what the schemas make", () => {
  fc.assert(
    fc.property(bodies, (body: Record<string, unknown>) => {
      const plain = plainSendOf(body);
      if (!plain) return;
      expect(sendBody.parse(body)).toEqual(plain.fields);
      expect(plain.content).toEqual(bySchema(body["message"])._unsafeUnwrap());
    }),
    runs(3000),
  );
});

it("takes every text with the required fields, and perhaps a reference, that the schemas accept", () => {
  const plainBodies = fc.record({ ...required, reference: fc.string() }, { requiredKeys: fieldNames });
  fc.assert(
    fc.property(plainBodies, (body) => {
      const isValid = sendBody.safeParse(body).success && bySchema(body.message).isOk();
      expect(plainSendOf(body) !== undefined).toBe(isValid);
    }),
    runs(2000),
  );
});

it.each([
  [null],
  [[]],
  ["text"],
  [{}],
  [Object.create(order)],
  [{ ...order, message: { body: "a" } }],
  [{ ...order, message_type: "image" }],
  [{ ...order, message_type: ["text"] }],
])("leaves %j to the schema", (body: unknown) => {
  expect(plainSendOf(body)).toBeUndefined();
});
