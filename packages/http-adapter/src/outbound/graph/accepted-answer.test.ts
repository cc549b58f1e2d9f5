import { isWamid } from "@message-sender/core/adapter";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";

import { runs } from "../../../../../tests/support/long-form.ts";
import { readAccepted } from "./accepted-answer.ts";

/** The definition of the answer (Cloud API, "Messages"). */
const schema = z.object({
  messages: z.tuple(
    [
      z.object({
        id: z.string().refine(isWamid),
        message_status: z
          .string()
          .regex(/^[A-Za-z_]{1,64}$/)
          .optional()
          .catch(undefined),
      }),
    ],
    z.unknown(),
  ),
  contacts: z
    .tuple([z.object({ wa_id: z.string().regex(/^[\x21-\x7e]{1,128}$/) })], z.unknown())
    .optional()
    .catch(undefined),
});

function bySchema(body: unknown) {
  const { success, data } = schema.safeParse(body);
  if (!success) return undefined;
  const [{ id: wamid, message_status: messageStatus }] = data.messages;
  const waId = data.contacts?.[0].wa_id;
  return {
    kind: "Accepted",
    wamid,
    ...(waId !== undefined && { waId }),
    ...(messageStatus !== undefined && { messageStatus }),
    httpStatus: 200,
  };
}

const odd = fc.oneof(
  fc.constantFrom(undefined, null, "", " ", 7, true, [], {}, [[]], "a\n", "ü", "x".repeat(65), "x".repeat(513)),
  fc.anything(),
);
const text = fc.oneof(fc.constantFrom("wamid.HBgN", "628123456789", "accepted", "held_for_quality_assessment"), odd);
const first = (field: fc.Arbitrary<unknown>) => fc.oneof(fc.tuple(field), fc.tuple(field, odd), odd);
const message = fc.oneof(fc.record({ id: text, message_status: text }, { requiredKeys: [] }), odd);
const contact = fc.oneof(fc.record({ input: text, wa_id: text }, { requiredKeys: [] }), odd);
const body = fc.oneof(fc.record({ messages: first(message), contacts: first(contact) }, { requiredKeys: [] }), odd);

test("reads exactly what the schema accepts", () => {
  const property = fc.property(body, (given) => {
    expect(readAccepted(given, 200)).toEqual(bySchema(given));
  });
  fc.assert(property, runs(5000));
});

test("a message id with what else is valid", () => {
  const contacts = [{ input: "+62", wa_id: "62" }];
  const messages = [{ id: "wamid.HBgN", message_status: "accepted" }];
  expect(readAccepted({ contacts, messages }, 200)).toEqual({
    kind: "Accepted",
    wamid: "wamid.HBgN",
    waId: "62",
    messageStatus: "accepted",
    httpStatus: 200,
  });
});
