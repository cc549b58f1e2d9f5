import { parseContent } from "@message-sender/core/content";
import { expect, it } from "vitest";

import { withoutContent } from "./without-content.ts";

const contentOf = (type: string, message: unknown) => parseContent(type, message)._unsafeUnwrap();
const template = contentOf("template", {
  name: "order_ready",
  language: { code: "en_US" },
  components: [
    { type: "header", parameters: [{ type: "image", image: { link: "https://shop.example.com/budi.jpg" } }] },
    { type: "body", parameters: [{ type: "text", parameter_name: "customer", text: "Budi Santoso" }] },
  ],
});
const interactive = contentOf("interactive", {
  type: "button",
  body: { text: "Is 10 o'clock good, Budi?" },
  action: { buttons: [{ type: "reply", reply: { id: "order-17", title: "Yes, it is" } }] },
});
const contacts = contentOf("contacts", [
  {
    name: { formatted_name: "Anna Wijaya", first_name: "Anna" },
    phones: [{ phone: "+6281234567890", type: "her mother's" }],
  },
]);

it.each([
  [template, "template name (order_ready) does not exist in en_US"],
  [template, "body: number of localizable_params (1) does not match the expected number of params (2)"],
  [template, "header: Format mismatch, expected TEXT, received image; no parameter is named customer"],
  [interactive, "Unsupported interactive type: button, reply"],
])("keeps what names the template and the part: %#", (content, said) => {
  expect(withoutContent(said, { to: "+628123456789", content })).toBe(said);
});

it.each([
  [template, "Budi Santoso is too long for +628123456789", "[content] is too long for [content]"],
  [template, "cannot load https://shop.example.com/budi.jpg", "cannot load [content]"],
  [contacts, "her mother's phone of Anna Wijaya", "[content] phone of [content]"],
  [
    interactive,
    "id order-17, title 'Yes, it is': Is 10 o'clock good, Budi?",
    "id [content], title '[content]': [content]",
  ],
])("hides what is in them: %#", (content, said, hidden) => {
  expect(withoutContent(said, { to: "+628123456789", content })).toBe(hidden);
});
