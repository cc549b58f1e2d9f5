import { describe, expect, it } from "vitest";

import { readWebhook } from "./webhook-payload.ts";

const phoneNumberId = "106540352242922";
const at = new Date("2025-06-08T20:59:43Z");
const timestamp = "1749416383";
const parents = { from: "16505551234", from_user_id: "US.1349", from_parent_user_id: "US.ENT.1183", timestamp };
const message = { from: "16505551234", id: "wamid.in", timestamp, type: "text", text: { body: "Hello" } };
const call = { from: "16505551234", id: "wacid.in", timestamp, event: "connect", direction: "USER_INITIATED" };
const preference = { wa_id: "16505551234", category: "marketing_messages", value: "stop", timestamp: 1_749_416_383 };

const read = (body: unknown) => readWebhook(Buffer.from(JSON.stringify(body)), () => undefined);
const parseRecipientFacts = (body: unknown) => read(body).facts;
const payload = (field: string, elements: unknown, value: object = {}) => ({
  object: "whatsapp_business_account",
  entry: [
    { changes: [{ field, value: { metadata: { phone_number_id: phoneNumberId }, [field]: elements, ...value } }] },
  ],
});
const fact = (kind: string, recipient = "+16505551234") => ({ kind, phoneNumberId, recipient, at });

describe("the recipient facts of a webhook", () => {
  it.each([
    ["a message", "messages", message, [fact("Wrote")]],
    ["an unknown type of message", "messages", { ...message, type: "hologram" }, [fact("Wrote")]],
    ["a call of theirs", "calls", call, [fact("Wrote")]],
    ["that marketing is to stop", "user_preferences", preference, [fact("StoppedMarketing")]],
    ["that it may go on", "user_preferences", { ...preference, value: "resume" }, [fact("ResumedMarketing")]],
    [
      "a message, under each name of its sender",
      "messages",
      { ...message, ...parents },
      [fact("Wrote"), fact("Wrote", "US.1349"), fact("Wrote", "US.ENT.1183")],
    ],
    [
      "a message of somebody without a number",
      "messages",
      { ...message, ...parents, from: undefined },
      [fact("Wrote", "US.1349"), fact("Wrote", "US.ENT.1183")],
    ],
    ["a message in milliseconds", "messages", { ...message, timestamp: `${timestamp}000` }, [fact("Wrote")]],
    ["a message of a number with a +", "messages", { ...message, from: "+16505551234" }, [fact("Wrote")]],
    ["a message of a user id", "messages", { ...message, from: "US.1349" }, [fact("Wrote", "US.1349")]],
    ["a message of no group", "messages", { ...message, group_id: null }, [fact("Wrote")]],
    ["a message without a type", "messages", { ...message, type: null }, [fact("Wrote")]],
    [
      "a message with other invalid fields",
      "messages",
      { ...message, text: 7, context: [], errors: {} },
      [fact("Wrote")],
    ],
    [
      "a call of somebody without a number",
      "calls",
      { ...call, from: undefined, from_user_id: "US.1349" },
      [fact("Wrote", "US.1349")],
    ],
    [
      "a wish of somebody without a number",
      "user_preferences",
      { ...preference, wa_id: undefined, user_id: "US.1349", parent_user_id: "US.ENT.1183" },
      [fact("StoppedMarketing", "US.1349"), fact("StoppedMarketing", "US.ENT.1183")],
    ],
    [
      "a wish, under each name",
      "user_preferences",
      { ...preference, user_id: "US.1349" },
      [fact("StoppedMarketing"), fact("StoppedMarketing", "US.1349")],
    ],
  ])("are %s", (_, field, element, facts) => {
    expect(parseRecipientFacts(payload(field, [element]))).toEqual(facts);
  });

  it.each([
    [
      "by the same name",
      message,
      [
        { wa_id: "1", user_id: "US.2" },
        { wa_id: "16505551234", user_id: "US.1349" },
      ],
      2,
    ],
    ["by the same user id", parents, [{ user_id: "US.1349", wa_id: "16505559999" }], 4],
    ["alone where the message has no name", { ...message, from: null }, [{ user_id: "US.1349", profile: 7 }], 1],
    ["beside another where the message has no name", { ...message, from: null }, [{ user_id: "US.1" }, {}], 0],
    ["of somebody else", message, [{ user_id: "US.1" }], 1],
    ["that are a string", message, "US.1349", 1],
    ["with invalid entries", message, [null, 7, "US.1349", { wa_id: {}, user_id: ["US.1349"] }], 1],
  ])("include further ids from contacts %s", (_, element, contacts, count) => {
    const facts = parseRecipientFacts(payload("messages", [element], { contacts }));
    expect(facts).toHaveLength(count);
    if (count === 2) expect(facts).toEqual([fact("Wrote"), fact("Wrote", "US.1349")]);
  });

  it("come with a report of what was not understood, which is kept", () => {
    const elements = [
      null,
      { ...message, from: "?" },
      message,
      { ...message, timestamp: "soon" },
      { ...message, from: {} },
    ];
    const body = payload("messages", elements);
    expect(read(body)).toEqual({
      updates: [],
      facts: [fact("Wrote")],
      others: [JSON.stringify(body)],
      unread: [
        { part: "messages", reason: "not an object", count: 1 },
        { part: "messages", reason: "no recipient id", count: 2 },
        { part: "messages", reason: "no time", count: 1 },
      ],
    });
  });

  it.each([
    ["a message to a group", "messages", { ...message, group_id: "Y2FwaV9ncm91cDox" }],
    ["a note of WhatsApp's own", "messages", { ...message, type: "system" }],
    ["a call of ours", "calls", { ...call, direction: "BUSINESS_INITIATED" }],
    ["the end of a call", "calls", { ...call, event: "terminate" }],
    ["a wish about something else", "user_preferences", { ...preference, category: "reminders" }],
    ["a wish of another kind", "user_preferences", { ...preference, value: "maybe" }],
    ["a sender with non-ASCII digits", "messages", { ...message, from: "0165٠0551234" }],
    ["a sender that is not a string", "messages", { ...message, from: { toString: "+16505551234" } }],
    ["a sender of 10,000 digits", "messages", { ...message, from: "1".repeat(10_000) }],
    ["an invalid user id", "messages", { ...message, from: undefined, from_user_id: "us.1349" }],
    ["an invalid time", "messages", { ...message, timestamp: "yesterday" }],
    ["a time before all others", "messages", { ...message, timestamp: "-1" }],
    ["no time", "messages", { ...message, timestamp: undefined }],
    ["null", "messages", null],
    ["a text", "calls", "call"],
  ])("are empty for %s, which does not affect others", (_, field, element) => {
    const good = { messages: message, calls: call, user_preferences: preference }[field];
    expect(parseRecipientFacts(payload(field, [element]))).toEqual([]);
    expect(parseRecipientFacts(payload(field, [element, good, element]))).toHaveLength(1);
  });

  it.each([
    ["another field", payload("smb_message_echoes", [message])],
    ["messages under another field", payload("calls", [], { messages: [message] })],
    ["a list that is an object", payload("messages", { 0: message })],
    ["statuses", payload("messages", undefined, { statuses: [{ id: "wamid.1", status: "read", timestamp }] })],
    ["no number", payload("messages", [message], { metadata: {} })],
    ["an invalid number", payload("messages", [message], { metadata: { phone_number_id: "../1" } })],
    ["another object", { ...payload("messages", [message]), object: "page" }],
    ["no webhook", null],
  ])("are empty for %s", (_, body) => {
    expect(parseRecipientFacts(body)).toEqual([]);
  });
});
