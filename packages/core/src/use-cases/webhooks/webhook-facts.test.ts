import { describe, expect, it } from "vitest";

import { webhookFactsOf } from "./webhook-facts.ts";

const change = (phoneNumberId: unknown, field: unknown = "messages") => ({
  field,
  value: { messaging_product: "whatsapp", metadata: { phone_number_id: phoneNumberId }, messages: [] },
});
const webhook = (...entry: unknown[]) => JSON.stringify({ object: "whatsapp_business_account", entry });

describe("what a webhook is about", () => {
  it("is in its envelope", () => {
    expect(webhookFactsOf(webhook({ id: "waba-1", changes: [change("109876543210987")] }))).toEqual({
      phoneNumberId: "109876543210987",
      wabaId: "waba-1",
      field: "messages",
    });
  });

  it("has no phone number if it concerns the account", () => {
    const body = webhook({
      id: "waba-1",
      changes: [{ field: "account_update", value: { event: "VERIFIED_ACCOUNT" } }],
    });
    expect(webhookFactsOf(body)).toEqual({ wabaId: "waba-1", field: "account_update" });
  });

  it("may be written as a number", () => {
    expect(webhookFactsOf(webhook({ id: 17, changes: [change(109_876_543_210_987)] }))).toMatchObject({
      phoneNumberId: "109876543210987",
      wabaId: "17",
    });
  });

  it("is a fact only if all of its parts agree", () => {
    const both = webhook({ id: "w", changes: [change("1"), change("1")] }, { id: "w", changes: [change("1")] });
    expect(webhookFactsOf(both)).toEqual({ phoneNumberId: "1", wabaId: "w", field: "messages" });
    const mixed = webhook({ id: "v", changes: [change("1"), change("2", "calls")] }, { id: "w", changes: [] });
    expect(webhookFactsOf(mixed)).toEqual({});
  });

  it.each(
    [
      ["", "a", "null", "5", "[]", '"x"', "{}", '{"entry":5}', '{"entry":[null,5,{"changes":[null,{}]}]}'],
      [webhook({ id: { a: 1 }, changes: [change({ a: 1 }, 5)] })],
      [webhook({ id: "a b", changes: [change("../me", null)] })],
      [webhook({ id: 1.5, changes: [{ value: null }] })],
    ].flat(),
  )("is nothing in %s", (body) => {
    expect(webhookFactsOf(body)).toEqual({});
  });

  it("has no account if it is of another object", () => {
    expect(webhookFactsOf(JSON.stringify({ object: "page", entry: [{ id: "p", changes: [] }] }))).toEqual({});
  });
});
