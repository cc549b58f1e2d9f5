import { expect, test } from "vitest";

import { readableText } from "./readable-text.ts";

const button = { type: "reply", reply: { id: "y", title: "Yes" } };
const body = { type: "body", parameters: [{ type: "text", text: "Ana" }] };

test.each([
  ["text", { body: "Hello!", preview_url: true }, "Hello!"],
  ["image", { id: "77", caption: "The menu" }, "The menu"],
  [
    "interactive",
    { type: "button", body: { text: "Sure?" }, footer: { text: "Think" }, action: { buttons: [button] } },
    "Sure?\nThink\nYes",
  ],
  ["template", { name: "hello", language: { code: "en_US" }, components: [body] }, "hello\nAna"],
  ["reaction", { message_id: "wamid.A", emoji: "👍" }, "👍"],
  ["location", { latitude: 1, longitude: 2, name: "Office" }, "Office"],
])("of type %s", (type, content, text) => {
  expect(readableText(type, { type, to: "628123456", [type]: content })).toBe(text);
});

test("of a message without content", () => {
  expect(readableText("unsupported", {})).toBe("");
});
