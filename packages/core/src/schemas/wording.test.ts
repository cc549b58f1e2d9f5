import { expect, it } from "vitest";

import { changed, full, interactive, problemsIn } from "../../test/contents.ts";

const messages: Readonly<Record<string, unknown>> = { ...full, ...interactive };

it.each([
  ["text", "body", undefined, "is missing"],
  ["text", "body", 5, "is not a string"],
  ["audio", "voice", "yes", "is not true or false"],
  ["contacts", "0/phones", 5, "is not an array"],
  ["contacts", "0/org", [], "is not an object"],
  ["flow", "action/parameters/flow_action_payload/data", 5, "is not an object"],
  ["flow", "action/parameters/mode", "test", "is not draft or published"],
  ["flow", "action/name", undefined, "is missing"],
  ["button", "action/buttons", [], "is empty"],
  ["button", "header/type", "gif", "is not text or image or video or document"],
  ["carousel", "action/cards", [], "has fewer than 2 entries"],
  ["list", "action/sections", Array.from({ length: 11 }, () => 1), "has more than 10 entries"],
  ["carousel", "action/cards/0/card_index", "0", "is not a number"],
  ["carousel", "action/cards/0/card_index", 0.5, "is not a whole number"],
  ["carousel", "action/cards/0/card_index", -1, "is less than 0"],
  ["carousel", "action/cards/0/card_index", 10, "is more than 9"],
])("%s: %s as %j %s", (kind, pointer, value, detail) => {
  const type = kind in full ? kind : "interactive";
  expect(problemsIn(type, changed(messages[kind], pointer, value)).map(([, words]) => words)).toContain(detail);
});
