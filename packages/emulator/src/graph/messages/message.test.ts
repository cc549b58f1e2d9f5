import { describe, expect, test } from "vitest";

import { checkMessage, supportedMessageTypes } from "./message.ts";

const id = { id: "1037543291543636" };
const link = { link: "https://shop.test/file" };
const name = { formatted_name: "Ana Silva", first_name: "Ana" };

function codeOf(type: string, content: unknown, more: object = {}) {
  const body = { messaging_product: "whatsapp", to: "+628123456", type, [type]: content, ...more };
  return checkMessage(body)?.code;
}

const messages = {
  "send a text": ["text", { body: "Hello!", preview_url: true }],
  "send an image": ["image", { ...id, caption: "x".repeat(1024) }],
  "send a video": ["video", { ...link, caption: "A film" }],
  "send an audio": ["audio", { ...id, voice: true }],
  "send a document": ["document", { ...link, caption: "Yours", filename: "invoice.pdf" }],
  "send a sticker": ["sticker", id],
  "send a location": ["location", { latitude: 37.75, longitude: "-122.42", name: "HQ", address: "1 Hacker Way" }],
  "send contacts": [
    "contacts",
    [{ name, phones: [{ phone: "+1 940 555 1234", type: "HOME" }], birthday: "2012-08-18" }],
  ],
  "send a reaction": ["reaction", { message_id: "wamid.A", emoji: "👍🏽" }],
  "send an interactive message": [
    "interactive",
    {
      type: "button",
      body: { text: "Well?" },
      action: { buttons: [{ type: "reply", reply: { id: "1", title: "Yes" } }] },
    },
  ],
  "send a template": ["template", { name: "hello_world", language: { code: "en_US" } }],
} as const;

test.each(Object.entries(messages))("%s", (_, [type, content]) => {
  expect(codeOf(type, content)).toBeUndefined();
  expect(codeOf(type, undefined)).toBe(type === "text" ? 100 : 131008);
  expect(codeOf(type, "a string")).toBe(100);
});

test("unknown fields pass", () => {
  expect(codeOf("image", { ...id, animated: true }, { addition: {} })).toBeUndefined();
});

test("every supported type is tested", () => {
  expect(Object.values(messages).map(([type]) => type)).toEqual(supportedMessageTypes);
});

describe("the envelope", () => {
  const text = { body: "Hello!" };

  test.each([
    ["a reply", { context: { message_id: "wamid.A" } }],
    ["an individual", { recipient_type: "individual" }],
    ["a business-scoped user id", { to: undefined, recipient: "US.13491208655302741918" }],
    ["a parent user id", { to: undefined, recipient: "US.ENT.13491208655302741918" }],
    ["both: to takes precedence", { recipient: "nobody" }],
    ["no type: a text", { type: undefined }],
  ])("accepts %s", (_, more) => {
    expect(codeOf("text", text, more)).toBeUndefined();
  });

  test.each([
    ["a reply without a message_id", { context: {} }, 131008],
    ["a reply whose message_id is a number", { context: { message_id: 7 } }, 100],
    ["an unknown recipient_type", { recipient_type: "everybody" }, 100],
    ["a phone number as a user id", { to: undefined, recipient: "+628123456" }, 131009],
    ["a user id that is too long", { to: undefined, recipient: `US.${"1".repeat(129)}` }, 131009],
    ["a type that is a number", { type: 7 }, 100],
    ["an unknown type", { type: "hologram", hologram: {} }, 131051],
  ])("refuses %s", (_, more, code) => {
    expect(codeOf("text", text, more)).toBe(code);
  });
});

describe("refuses", () => {
  test.each([
    ["a text of 4,097 characters", "text", { body: "x".repeat(4097) }, 100],
    ["a preview_url that is a string", "text", { body: "Hello!", preview_url: "yes" }, 100],
    ["media without a source", "image", { caption: "Nothing" }, 131008],
    ["media with two sources", "video", { ...id, ...link }, 131009],
    ["a file URL", "document", { link: "file:///etc/passwd" }, 100],
    ["an invalid link", "sticker", { link: "not a link" }, 100],
    ["a caption of 1,025 characters", "image", { ...id, caption: "x".repeat(1025) }, 100],
    ["a voice that is a string", "audio", { ...id, voice: "loud" }, 100],
    ["a latitude above 90", "location", { latitude: 91, longitude: 0 }, 131009],
    ["a longitude that is not a number", "location", { latitude: 0, longitude: "east" }, 100],
    ["a location without a longitude", "location", { latitude: 0 }, 131008],
    ["no contacts", "contacts", [], 131009],
    ["258 contacts", "contacts", Array.from({ length: 258 }, () => ({ name })), 131009],
    ["a contact without a name", "contacts", [{ phones: [] }], 131008],
    ["a street that is a number", "contacts", [{ name, addresses: [{ street: 5 }] }], 100],
    ["a longitude that is blank", "location", { latitude: 0, longitude: " " }, 131008],
    ["a birthday in another format", "contacts", [{ name, birthday: "18.08.2012" }], 131009],
    ["a reaction without a message_id", "reaction", { emoji: "👍" }, 131008],
    ["a reaction that is not an emoji", "reaction", { message_id: "wamid.A", emoji: "fine" }, 131009],
    ["a reaction without an emoji", "reaction", { message_id: "wamid.A" }, 131008],
  ])("%s", (_, type, content, code) => {
    expect(codeOf(type, content)).toBe(code);
  });
});

test.each([
  ["a contact with only a formatted name", "contacts", [{ name: { formatted_name: "Ana" } }]],
  ["a contact with an empty phone", "contacts", [{ name, phones: [{ phone: "" }] }]],
  ["an empty caption", "image", { ...id, caption: "" }],
  ["a long filename", "document", { ...id, filename: "x".repeat(300) }],
  [
    "a coordinate in exponent notation",
    "location",
    { latitude: "1e-7", longitude: ".5", name: "", address: "x".repeat(2000) },
  ],
])("accepts %s", (_, type, content) => {
  expect(codeOf(type, content)).toBeUndefined();
});

test("an empty emoji removes a reaction", () => {
  expect(codeOf("reaction", { message_id: "wamid.A", emoji: "" })).toBeUndefined();
});

test("lengths are in code points", () => {
  expect(codeOf("text", { body: "😀".repeat(4096) })).toBeUndefined();
});

test("an error names the parameter as Meta's does", () => {
  const body = { messaging_product: "whatsapp", to: "+628123456", type: "image", image: { id: 7 } };
  expect(checkMessage(body)).toMatchObject({ message: "Param image['id'] must be a string." });
});
