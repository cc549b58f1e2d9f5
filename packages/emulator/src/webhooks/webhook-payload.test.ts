import { describe, expect, test } from "vitest";

import type { GraphMessage } from "../graph/graph-message.ts";
import { encodeWebhook, type StatusEvent, webhookPayload } from "./webhook-payload.ts";

const toPhone: GraphMessage = {
  wamid: "wamid.A/b+c=",
  at: 0,
  phoneNumberId: "106540352242922",
  recipient: "+62 812-3456",
  waId: "628123456",
  type: "text",
  callbackData: "ms1:7:1",
  body: {},
};
const { waId: _, callbackData: __, ...bare } = toPhone;
const toUser: GraphMessage = { ...bare, recipient: "ID.13491208655302741918" };
const source = { wabaId: "102290129340398", displayPhoneNumber: "15550783881" };

function payloadOf(event: Partial<StatusEvent>) {
  return webhookPayload({ message: toPhone, status: "sent", at: 1_750_000_000_999, priced: false, ...event }, source);
}

test.each(["sent", "failed"] as const)(
  "the status %s of a message to a group is about the group, and no person",
  (status) => {
    const message = { ...bare, recipient: "120363404694233802", groupId: "120363404694233802" };
    const [entry] = payloadOf({ message, status }).entry;
    const value = entry?.changes[0]?.value as { contacts?: unknown; statuses: readonly object[] };
    expect(value.contacts).toBeUndefined();
    expect(value.statuses).toMatchObject([{ status, recipient_id: "120363404694233802", recipient_type: "group" }]);
    expect(value.statuses[0]).not.toHaveProperty("recipient_user_id");
  },
);

describe("the envelope", () => {
  test("of a status, in full", () => {
    const userId = expect.stringMatching(/^ID\.[0-9]{20}$/);
    expect(payloadOf({ status: "delivered", priced: true })).toEqual({
      object: "whatsapp_business_account",
      entry: [
        {
          id: "102290129340398",
          changes: [
            {
              field: "messages",
              value: {
                messaging_product: "whatsapp",
                metadata: { display_phone_number: "15550783881", phone_number_id: "106540352242922" },
                contacts: [{ profile: { name: "Sandbox User" }, wa_id: "628123456", user_id: userId }],
                statuses: [
                  {
                    id: "wamid.A/b+c=",
                    status: "delivered",
                    timestamp: "1750000000",
                    recipient_id: "628123456",
                    recipient_user_id: userId,
                    biz_opaque_callback_data: "ms1:7:1",
                    pricing: {
                      billable: false,
                      pricing_model: "PMP",
                      type: "free_customer_service",
                      category: "service",
                    },
                  },
                ],
              },
            },
          ],
        },
      ],
    });
  });

  test("a template has the pricing of its category", () => {
    const priceOf = (more: Partial<GraphMessage>) =>
      JSON.stringify(payloadOf({ message: { ...toPhone, type: "template", ...more }, priced: true }));
    expect(priceOf({})).toContain('"type":"regular","category":"utility"');
    expect(priceOf({ category: "marketing" })).toContain(
      '"billable":true,"pricing_model":"PMP","type":"regular","category":"marketing"',
    );
  });

  test("a business-scoped user id is returned as given, without a phone number", () => {
    const text = JSON.stringify(payloadOf({ message: toUser }));
    expect(text).toContain('"recipient_user_id":"ID.13491208655302741918"');
    expect(text).not.toMatch(/recipient_id|wa_id|biz_opaque|pricing|conversation/);
  });

  test("a failure has errors, no contacts, no pricing, and a user id only when it was sent to one", () => {
    const failed = { status: "failed", priced: true, error: { code: 131026 } } as const;
    expect(payloadOf(failed)).toMatchObject({
      entry: [
        {
          changes: [
            {
              value: {
                statuses: [
                  {
                    status: "failed",
                    recipient_id: "628123456",
                    errors: [
                      {
                        code: 131026,
                        title: "Message undeliverable",
                        message: "Message undeliverable",
                        error_data: { details: "Message undeliverable" },
                        href: expect.stringMatching(/^https:/),
                      },
                    ],
                  },
                ],
              },
            },
          ],
        },
      ],
    });
    expect(JSON.stringify(payloadOf(failed))).not.toMatch(/contacts|pricing|recipient_user_id/);
    expect(JSON.stringify(payloadOf({ ...failed, message: toUser }))).toContain("recipient_user_id");
    const detailed = payloadOf({ ...failed, error: { code: 131049, details: "Not today." } });
    expect(JSON.stringify(detailed)).toContain('"error_data":{"details":"Not today."}');
  });
});

describe("Meta's escapes", () => {
  test.each([
    ["äöå", String.raw`\u00e4\u00f6\u00e5`],
    ["😀", String.raw`\ud83d\ude00`],
    ["\u2028\u0080\uffff", String.raw`\u2028\u0080\uffff`],
    ["a/b", String.raw`a\/b`],
    [String.raw`\/`, String.raw`\\\/`],
    [String.raw`\u00e4`, String.raw`\\u00e4`],
    ['"\n\u001f~@<', String.raw`\"\n\u001f~@<`],
  ])("%j", (text, escaped) => {
    const encoded = encodeWebhook({ text });
    expect(encoded).toBe(`{"text":"${escaped}"}`);
    expect(JSON.parse(encoded)).toEqual({ text });
  });
});

test("a status of a message to a group has the group, and nobody's number", () => {
  const toGroup: GraphMessage = { ...bare, recipient: "Y2FwaV9ncm91cDo", groupId: "Y2FwaV9ncm91cDo" };
  const payload = JSON.stringify(payloadOf({ message: toGroup }));
  expect(payload).toContain('"recipient_id":"Y2FwaV9ncm91cDo","recipient_type":"group"');
  expect(payload).not.toMatch(/contacts|user_id/);
});
