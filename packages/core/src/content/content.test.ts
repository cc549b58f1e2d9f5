import { expect, it } from "vitest";

import { type Content, plainContent } from "./content.ts";

it("a text that has only a body is a string in our API", () => {
  const plain = (text: object) => plainContent({ type: "text", text } as Content);
  expect(plain({ body: "a" })).toBe("a");
  expect(plain({ body: "a", preview_url: false })).toEqual({ body: "a", preview_url: false });
  expect(plain({ body: "a", new_field: 1 })).toEqual({ body: "a", new_field: 1 });
});

it("anything else is Meta's own object", () => {
  expect(plainContent({ type: "image", image: { id: "1" } })).toEqual({ id: "1" });
});
