import { expect, it } from "vitest";

import { meaningsOf } from "./recognise.ts";

const wamid = "wamid.HBgMNjI4MTIzNDU2Nzg5FQIAERgSOUUzNzc5QjEwMDAwMDAwMDAxAA==";
const id = "01a2258d-60e9-70c5-b562-e687e0f9f250";
const number = { what: "number", filter: { to: "+628123456789" } };

it.each([
  ["+628123456789", [number, "reference"]],
  [" +62 812-3456-789 ", [number, "reference"]],
  ["00628123456789", [number, "message id", "reference", "conversation"]],
  ["628123456789", [number, "message id", "reference", "conversation"]],
  ["(62) 812 345.6789", [number, "reference"]],
  ["US.1349", ["user id", "message id", "reference", "conversation"]],
  [wamid, [{ what: "WhatsApp message id", filter: { whatsappMessageId: wamid } }]],
  ["wamid.with a space", []],
  [id, [{ what: "message id", messageId: id }, "reference", "conversation"]],
  ["order 47/11", [{ what: "reference", filter: { reference: "order 47/11" } }]],
  ["4711", ["message id", "reference", "conversation"]],
  ["+0812345678", ["reference"]],
  ["", []],
  ["a".repeat(300), []],
])("%j may mean %j", (typed, expected) => {
  const meanings = meaningsOf(typed);
  expect(meanings.map(({ what }) => what)).toEqual(
    expected.map((each) => (typeof each === "string" ? each : each.what)),
  );
  expect(meanings).toMatchObject(expected.map((each) => (typeof each === "string" ? { what: each } : each)));
});
