import { expect, it } from "vitest";

import { changed, full, interactive, problemsIn } from "../../test/contents.ts";

const messages: Readonly<Record<string, unknown>> = { ...full, ...interactive };

it.each([
  ["text", "body", undefined, "is missing"],
  ["text", "body", 5, "must be a string"],
  ["audio", "voice", "yes", "must be true or false"],
  ["contacts", "0/phones", 5, "must be an array"],
  ["contacts", "0/org", [], "must be an object"],
  ["flow", "action/parameters/flow_action_payload/data", 5, "must be an object"],
  ["flow", "action/name", undefined, "is missing"],
  ["button", "action/buttons", [], "is empty"],
  ["carousel", "action/cards/0/header/type", "text", "must be image or video"],
  ["carousel", "action/cards", [], "has fewer than 2 entries"],
  ["list", "action/sections", Array.from({ length: 11 }, () => 1), "has more than 10 entries"],
  ["carousel", "action/cards/0/card_index", undefined, "is missing"],
  ["carousel", "action/cards/0/card_index", "first", "must be a whole number from 0 to 9"],
  ["carousel", "action/cards/0/card_index", 0.5, "must be a whole number from 0 to 9"],
  ["carousel", "action/cards/0/card_index", -1, "must be a whole number from 0 to 9"],
  ["carousel", "action/cards/0/card_index", 10, "must be a whole number from 0 to 9"],
])("%s: %s as %j %s", (kind, pointer, value, detail) => {
  const type = kind in full ? kind : "interactive";
  expect(problemsIn(type, changed(messages[kind], pointer, value)).map(([, words]) => words)).toContain(detail);
});

it.each([
  ["carousel", "action/cards", "x".repeat(20), "must be an array"],
  ["list", "action/sections", "x".repeat(20), "must be an array"],
  ["list", "action/sections", "", "must be an array"],
  ["button", "action/buttons", "x".repeat(20), "must be an array"],
  ["template", "components/0/parameters", "x".repeat(20), "must be an array"],
  ["template", "components/10/cards", "x".repeat(20), "must be an array"],
  ["template", "components/1/parameters/0/text", [], "must be a string"],
  ["image", "link", Array.from({ length: 3000 }, () => 1), "must be a string"],
])("%s: %s of another type is one problem", (kind, pointer, value, detail) => {
  const type = kind in full ? kind : "interactive";
  expect(problemsIn(type, changed(messages[kind], pointer, value))).toEqual([[pointer, detail]]);
});
